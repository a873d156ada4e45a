import { GatewayError } from "../../canonical/errors.ts";
import type { DialectName } from "../../canonical/names.ts";
import type { Passing, PassingBody } from "../../pipeline/passthrough/passing.ts";
import type { Runtime } from "../../pipeline/runtime.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import { boundaryOf } from "../../lib/multipart.ts";
import { isJsonType, readBytes } from "./body.ts";
import { parseForm } from "./form-body.ts";
import { originOf } from "./lasting.ts";
import { parseBody } from "./parse-body.ts";
import { percentDecoded } from "../../lib/percent-decode.ts";

const PREFIX = "/passthrough/";
/** CONNECT and TRACE are for proxies, and would show a provider's view of our headers. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** True for `/passthrough/{provider}/…`. */
export function passesThrough(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** A request below `/passthrough/`; `ended` is called when its body has come. Throws `method_not_allowed`. */
export function passingOf(request: Request, path: string, query: string, maxBytes: number, ended: () => void): Passing {
  const { method } = request;
  if (!METHODS.has(method)) throw new GatewayError("method_not_allowed", `${method} does not pass through`);
  const slash = path.indexOf("/", PREFIX.length);
  const end = slash < 0 ? path.length : slash;
  return {
    method,
    provider: percentDecoded(path.slice(PREFIX.length, end)),
    path: slash < 0 ? "/" : path.slice(end),
    query,
    origin: originOf(request),
    body: request.body === null ? null : bodyOf(request, request.body, maxBytes, ended),
  };
}

function bodyOf(
  request: Request,
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  ended: () => void,
): PassingBody {
  const declared = request.headers.get("content-length");
  return {
    size: declared === null ? null : Number(declared),
    read: () => readBytes(request, maxBytes),
    parse: async (bytes) => {
      const encoding = request.headers.get("content-encoding");
      if (encoding !== null && encoding !== "identity") {
        const text = "a request that has to be read on its way must not be compressed";
        throw new GatewayError("unsupported_media_type", text, { param: "content-encoding" });
      }
      const type = request.headers.get("content-type") ?? "application/json";
      const boundary = boundaryOf(type);
      if (boundary !== null) return parseForm(bytes, boundary);
      return isJsonType(type) ? parseBody(bytes) : null;
    },
    stream: () => stream,
    ended,
  };
}

/** The chat dialect that a provider speaks: its clients read errors in it. */
export function dialectFor({ dialects }: Runtime, snapshot: Snapshot, provider: string): DialectName {
  const name = snapshot.providerNamed(provider);
  const wires = name === undefined ? [] : (snapshot.providers.get(name)?.data.manifest.wires ?? []);
  const wire = wires.find(({ dialect }) => dialects.has(dialect));
  return wire?.dialect ?? "openai-chat";
}
