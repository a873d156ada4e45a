import type { CallKind, Wire } from "../../canonical/provider.ts";
import { isTask, type TaskOperation } from "../../canonical/names.ts";
import type { AnyTaskCodec, CallRequest } from "../../canonical/task.ts";
import type { ReadyProvider } from "../provider.ts";
import type { Runtime } from "../runtime.ts";
import { wirePath } from "../wire-path.ts";
import { percentDecoded } from "../../lib/percent-decode.ts";

/** A path that is one of a provider's own wires: request and answer can be read, so the cost is known. */
export interface KnownWire {
  wire: Wire;
  operation: "chat" | TaskOperation;
  /** Null where the body names the model. */
  pathModel: string | null;
  isStream: boolean;
}

/** Tasks of one JSON body and one JSON answer. */
const METERED: ReadonlySet<TaskOperation> = new Set(["embeddings", "image", "rerank"]);

/** Stands for the model while paths are compared. */
const MARK = "0model0";
/** Where the path depends on the request, it depends on this. */
const PROBES: readonly CallRequest[] = [true, false].map((isSingle) => {
  const probe = { model: MARK, stream: false, warnings: [], isSingle };
  return probe;
});

/** The wire that a path (below the base URL) is; null: none, such a call is not metered. */
export function knownWire(runtime: Runtime, provider: ReadyProvider, method: string, path: string): KnownWire | null {
  if (method !== "POST") return null;
  for (const wire of provider.data.manifest.wires) {
    if (wire.basePath !== undefined) continue;
    for (const operation of wire.operations) {
      const found = matchOperation(runtime, wire, operation, path);
      if (found !== null) return found;
    }
  }
  return null;
}

function matchOperation(
  runtime: Runtime,
  wire: Wire,
  operation: Wire["operations"][number],
  path: string,
): KnownWire | null {
  if (isTask(operation)) {
    if (!METERED.has(operation)) return null;
    const codec = runtime.taskDialects.get(wire.dialect)?.tasks[operation] as AnyTaskCodec | undefined;
    for (const request of PROBES) {
      const found = matched(wire, operation, "whole", codec?.relayPath?.(MARK, request), path);
      if (found !== null) return found;
    }
    return null;
  }
  const dialect = runtime.dialects.get(wire.dialect);
  if (operation !== "chat" || dialect === undefined) return null;
  return (
    matched(wire, "chat", "whole", dialect.relayPath(MARK, false), path) ??
    matched(wire, "chat", "stream", dialect.relayPath(MARK, true), path)
  );
}

function matched(
  wire: Wire,
  operation: KnownWire["operation"],
  kind: CallKind,
  own: string | undefined,
  path: string,
): KnownWire | null {
  if (own === undefined) return null;
  const [template = ""] = wirePath(wire, kind, MARK, own).split("?");
  const [before = "", after] = template.split(MARK);
  if (after === undefined) return path === before ? { wire, operation, pathModel: null, isStream: false } : null;
  if (!path.startsWith(before) || !path.endsWith(after) || path.length <= before.length + after.length) return null;
  const pathModel = percentDecoded(path.slice(before.length, path.length - after.length));
  return { wire, operation, pathModel, isStream: kind === "stream" };
}
