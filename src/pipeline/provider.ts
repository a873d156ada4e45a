import type { DialectName } from "../canonical/names.ts";
import { compileGlobs, type Glob } from "../lib/glob.ts";
import { parseOrigin, renderHeaders, type Origin } from "../lib/http-client/index.ts";
import { compileKey, type ProviderKey } from "../domain/balance/keys.ts";
import type { SnapshotProvider } from "./snapshot-data.ts";

/** A provider, compiled for the hot path. */
export class ReadyProvider {
  readonly data: SnapshotProvider;
  readonly origin: Origin;
  /** Path of the base URL, without a trailing slash. */
  readonly basePath: string;
  readonly keys: readonly ProviderKey[];
  private readonly translation: readonly { models: Glob; dialect: DialectName }[];
  private readonly blocks = new Map<ProviderKey, string>();

  constructor(data: SnapshotProvider) {
    this.data = data;
    this.origin = parseOrigin(data.baseUrl);
    this.basePath = new URL(data.baseUrl).pathname.replace(/\/+$/, "");
    this.keys = data.keys.map(compileKey);
    this.translation = (data.manifest.translation ?? []).map(({ models, dialect }) => ({
      models: compileGlobs(models),
      dialect,
    }));
    for (const key of this.keys) this.blocks.set(key, renderHeaders(headersFor(data, key.data.value, {})));
  }

  /** The dialect that a request of another dialect is encoded in for this model. */
  dialectFor(model: string): DialectName | undefined {
    const special = this.translation.find(({ models }) => models.test(model));
    return special?.dialect ?? this.data.manifest.dialects[0];
  }

  /** Header block of a call with this key; `extra` (lower-case names) wins over what manifest and operator set. */
  headers(key: ProviderKey, extra: Record<string, string>): string {
    for (const _ in extra) return renderHeaders(headersFor(this.data, key.data.value, extra));
    return this.blocks.get(key) ?? "";
  }
}

function headersFor(data: SnapshotProvider, secret: string, extra: Record<string, string>): Record<string, string> {
  return {
    "content-type": "application/json",
    "accept-encoding": "identity",
    "user-agent": "trunkline",
    ...data.manifest.headers,
    ...data.headers,
    ...extra,
    ...credential(data.manifest.auth, secret),
  };
}

function credential(auth: SnapshotProvider["manifest"]["auth"], secret: string): Record<string, string> {
  if (auth.type === "none" || secret === "") return {};
  return auth.type === "bearer" ? { authorization: `Bearer ${secret}` } : { [auth.name]: secret };
}
