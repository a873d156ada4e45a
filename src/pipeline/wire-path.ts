import type { CallKind, Wire } from "../canonical/provider.ts";

/** Path of a call below the base URL: the wire's own for this kind of call, else the dialect's. */
export function wirePath(wire: Wire, kind: CallKind, model: string, dialectPath: string): string {
  const path = wire.paths?.[kind] ?? (kind === "stream" ? wire.paths?.whole : undefined);
  return path === undefined ? dialectPath : path.replaceAll("{model}", segmentOf(model));
}

/** A model id as part of a path; `@`, which needs no encoding (RFC 3986, 3.3), stays. */
function segmentOf(model: string): string {
  return encodeURIComponent(model).replaceAll("%40", "@");
}
