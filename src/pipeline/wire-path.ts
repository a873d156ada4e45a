import type { CallKind, Wire } from "../canonical/provider.ts";

/** Path of a call below the base URL: the wire's own for this kind of call, else the dialect's. */
export function wirePath(wire: Wire, kind: CallKind, model: string, dialectPath: string): string {
  const path = wire.paths?.[kind] ?? (kind === "stream" ? wire.paths?.whole : undefined);
  return path === undefined ? dialectPath : path.replaceAll("{model}", encodeURIComponent(model));
}
