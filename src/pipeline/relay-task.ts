import type { Json } from "../canonical/json.ts";
import type { Wire } from "../canonical/provider.ts";
import type { FormPart } from "../canonical/task.ts";
import { patchBody } from "../domain/attempt/patch.ts";
import type { Target } from "../domain/route/data.ts";
import { writeForm } from "../lib/multipart.ts";
import { quirkEdits } from "./body-quirks.ts";
import { boundEdits } from "./bound-fields.ts";
import type { RequestContext } from "./context.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";
import type { Prepared, PreparedTaskStream } from "./prepared.ts";
import type { ReadyProvider } from "./provider.ts";
import { intentEdits } from "./take-intent.ts";
import { taskDialect } from "./task-answer.ts";
import { wirePath } from "./wire-path.ts";

/** A task that goes to a provider of the client's own dialect as it came, but for the model's name and the provider's quirks. */
export function relayTask(
  context: RequestContext,
  target: Target,
  provider: ReadyProvider,
  wire: Wire,
  ownPath: string,
): Prepared {
  const { task, call, arrival } = context;
  const path = wirePath(wire, call.stream ? "stream" : "whole", target.model, ownPath);
  const own = { ...forwardedHeaders(context, provider), ...task.relayHeaders?.(target.model) };
  const errors = taskDialect(context, wire);
  const head = { wire, method: "POST", path, errors, isRelay: true, stream: streamOf(context, target.model) } as const;
  const edits = new Map<string, string | null>(arrival.body.edits);
  // What the request asks for may stand beside its body, which then names another model or none.
  if (task.modelInBody && target.model !== arrival.body.json["model"]) edits.set("model", JSON.stringify(target.model));
  intentEdits(context, provider, edits);
  boundEdits(context, provider, arrival.body.json, edits);
  quirkEdits(wire, arrival.body, edits, context.warnings);
  if (arrival.body.form !== null) {
    const { contentType, data } = writeForm(editedForm(arrival.body.form, edits));
    return { ...head, body: data, headers: { ...own, "content-type": contentType } };
  }
  const isUntouched = edits.size === 0 && arrival.body.scan.duplicates.size === 0;
  return { ...head, body: isUntouched ? arrival.body.text : patchBody(arrival.body, edits), headers: own };
}

function streamOf({ task, call }: RequestContext, model: string): PreparedTaskStream | null {
  const form = task.answerForm?.(call) ?? "whole";
  return form === "whole" ? null : { type: "task", form, codec: task, request: { ...call, model } };
}

/** A form with fields replaced, left out or added. */
function editedForm(form: readonly FormPart[], edits: ReadonlyMap<string, string | null>): FormPart[] {
  const left = new Map(edits);
  const parts: FormPart[] = [];
  for (const part of form) {
    const edit = part.filename === undefined ? edits.get(part.name) : undefined;
    if (edit === undefined) parts.push(part);
    else if (edit !== null && left.has(part.name)) parts.push({ ...part, data: fieldOf(edit) });
    if (edit !== undefined) left.delete(part.name);
  }
  for (const [name, edit] of left) if (edit !== null) parts.push({ name, data: fieldOf(edit) });
  return parts;
}

/** The text of a field: a text as it is, anything else as JSON. */
function fieldOf(edit: string): Uint8Array {
  const value: Json = JSON.parse(edit);
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}
