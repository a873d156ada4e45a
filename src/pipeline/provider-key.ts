import { fillSettings } from "../canonical/fill-settings.ts";
import type { AuthScheme, Wire } from "../canonical/provider.ts";
import type { Credential } from "../canonical/signer.ts";
import { compileKey, type ProviderKey, type ProviderKeyData } from "../domain/balance/keys.ts";
import type { Glob } from "../lib/glob.ts";
import { parseOrigin, renderHeaders, type Origin } from "../lib/http-client/index.ts";
import type { SnapshotProvider } from "./snapshot-data.ts";

type Headers = Record<string, string>;

/** A provider key, compiled for the hot path: where its calls go, and what they are sent with. */
export class ReadyKey implements ProviderKey {
  readonly data: ProviderKeyData;
  readonly weight: number;
  readonly allowed: Glob;
  readonly blocked: Glob;
  readonly origin: Origin;
  readonly credential: Credential;
  readonly auth: AuthScheme;
  /** Each call is authorised by code, see `Signer`. */
  readonly isSigned: boolean;
  /** Path of the base URL, without a trailing slash. */
  private readonly basePath: string;
  /** The same without the path that the manifest's own address has. */
  private readonly rootPath: string;
  private readonly provider: SnapshotProvider;
  private readonly blocks = new Map<Wire, string>();

  constructor(data: ProviderKeyData, provider: SnapshotProvider) {
    this.data = data;
    this.provider = provider;
    ({ weight: this.weight, allowed: this.allowed, blocked: this.blocked } = compileKey(data));
    this.origin = parseOrigin(data.baseUrl);
    this.basePath = pathnameOf(data.baseUrl);
    const usual = pathnameOf(fillSettings(provider.manifest.baseUrl, data.settings));
    this.rootPath = this.basePath.endsWith(usual)
      ? this.basePath.slice(0, this.basePath.length - usual.length)
      : this.basePath;
    this.auth = authOf(provider.manifest, data);
    this.isSigned = this.auth.type === "signed";
    this.credential = { value: data.value, fields: data.fields, settings: data.settings };
  }

  /**
   * The whole path of a call; `path` is below the base URL, or the wire's own base path, and may hold the names of settings
   * in braces.
   */
  pathOf(path: string, { basePath }: Pick<Wire, "basePath"> = {}): string {
    const base = basePath === undefined ? this.basePath : this.rootPath + basePath;
    const filled = base + (path.includes("{") ? fillSettings(path, this.data.settings) : path);
    const { auth } = this;
    if (auth.type !== "query" || this.data.value === "") return filled;
    return `${filled}${filled.includes("?") ? "&" : "?"}${auth.name}=${encodeURIComponent(this.data.value)}`;
  }

  /** A path below the base URL, also when it was written with the base URL's own path before it. */
  pathBelow(path: string): string {
    return this.basePath !== "" && path.startsWith(`${this.basePath}/`) ? path.slice(this.basePath.length) : path;
  }

  /** All headers of a call that passes through with those of its client; what the operator set wins over them. */
  passingHeaders(client: Headers): Headers {
    const { manifest, headers } = this.provider;
    return {
      "accept-encoding": "identity",
      ...manifest.headers,
      ...client,
      ...headers,
      ...credentialHeaders(this.auth, this.data.value),
    };
  }

  /** Header block of a call over a wire; `extra` (lower-case names) wins over what manifest and operator set. */
  block(wire: Wire, extra: Headers): string {
    for (const _ in extra) return renderHeaders(this.headers(wire, extra));
    let block = this.blocks.get(wire);
    if (block === undefined) this.blocks.set(wire, (block = renderHeaders(this.headers(wire, extra))));
    return block;
  }

  /** All headers of a call beside those that a signer adds. */
  headers(wire: Wire, extra: Headers): Headers {
    const { manifest, headers } = this.provider;
    return {
      "content-type": "application/json",
      "accept-encoding": "identity",
      "user-agent": "trunkline",
      ...manifest.headers,
      ...wire.headers,
      ...headers,
      ...extra,
      ...credentialHeaders(this.auth, this.data.value),
    };
  }
}

function pathnameOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

/** How the credential of a key travels: one text in the plain way where the provider has one, else as code says. */
function authOf({ auth }: SnapshotProvider["manifest"], { value }: ProviderKeyData): AuthScheme {
  return auth.type === "signed" && auth.plain !== undefined && value !== "" ? auth.plain : auth;
}

function credentialHeaders(auth: AuthScheme, secret: string): Headers {
  if (secret === "") return {};
  if (auth.type === "bearer") return { authorization: `${auth.word ?? "Bearer"} ${secret}` };
  return auth.type === "header" ? { [auth.name]: secret } : {};
}
