import type { EncodedRequest, TargetContext } from "../../canonical/dialect.ts";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { addWarning } from "../../canonical/warning.ts";
import { warnUnsaid, type Option } from "../../canonical/words/warn-unsaid.ts";
import { encodeTurns } from "../../canonical/words/encode-turns.ts";
import { FAMILIES, familyOfModel, type Family, type FamilyTraits } from "./family.ts";
import { PROMPT_FORMS } from "./prompt.ts";
import { shapeOf } from "./shape.ts";
import { joinTurns, splitSystem, type Turn } from "../../canonical/words/turns.ts";
import { DIALECT, objectOf } from "./wire.ts";

/** Writes the body of the family that the model's id names: the client's own words where it is of that family too. */
export function encodeRequest(request: ChatRequest, target: TargetContext): EncodedRequest {
  const shape = shapeOf(request);
  const family = familyOfModel(target.model) ?? shape?.family;
  if (family === undefined)
    throw new GatewayError("unsupported_operation", `how to write a prompt for ${target.model} is not known`);
  const traits = FAMILIES[family];
  const isOwn = shape?.family === family;
  const fields = isOwn ? { ...request.extensions[DIALECT], ...shape.said } : said(family, request, target);
  if (!isOwn) warnForeign(request, target);
  warnUnsaid(request, traits.options, DIALECT, target.warnings);
  return { path: relayPath(target.model, request.stream), body: withOptions(fields, request, traits), headers: {} };
}

/** InvokeModel's path. */
export function relayPath(model: string, stream: boolean): string {
  return `/model/${encodeURIComponent(model)}/invoke${stream ? "-with-response-stream" : ""}`;
}

/** Fields of another family's body. */
function warnForeign({ extensions }: ChatRequest, { warnings }: TargetContext): void {
  for (const field of Object.keys(extensions[DIALECT] ?? {})) {
    addWarning(warnings, { code: "unsupported_field", field, message: "only another model's body has this field" });
  }
}

function said(family: Family, request: ChatRequest, target: TargetContext): JsonObject {
  const turns = encodeTurns(request.items, target.warnings);
  if (family === "command-r") return commandFields(turns, target);
  const form = PROMPT_FORMS[family];
  return { [FAMILIES[family].prompt]: form.write(harmless(turns, form.marks, target), target.model) };
}

/** Marks of the form get a gap within what is said, so that nobody can speak in another's place. */
function harmless(turns: readonly Turn[], marks: readonly string[], { warnings }: TargetContext): Turn[] {
  return turns.map((turn, at) => {
    let { text } = turn;
    for (const mark of marks) text = text.replaceAll(mark, `${mark[0]} ${mark.slice(1)}`);
    if (text === turn.text) return turn;
    const message = "marks of the model's prompt form were written with a gap";
    addWarning(warnings, { code: "changed_field", field: `messages[${at}]`, message });
    return { ...turn, text };
  });
}

function commandFields(turns: readonly Turn[], { warnings }: TargetContext): JsonObject {
  const { system, rest } = splitSystem(joinTurns(turns));
  const last = rest.at(-1)?.role === "user" ? rest.pop() : undefined;
  if (last === undefined && rest.length > 0) {
    const message = "the body has no place for an answer that was begun: it was sent as one that was given";
    addWarning(warnings, { code: "changed_field", field: "messages", message });
  }
  const history = rest.map(({ role, text }) => ({ role: role === "user" ? "USER" : "CHATBOT", message: text }));
  return {
    message: last?.text ?? "",
    ...(history.length > 0 && { chat_history: history }),
    ...(system !== "" && { preamble: system }),
  };
}

function withOptions(fields: JsonObject, request: ChatRequest, { nest, options }: FamilyTraits): JsonObject {
  const found: JsonObject = {};
  for (const [option, field] of Object.entries(options) as [Option, string][]) {
    const value = request[option];
    if (value !== undefined) found[field] = value;
  }
  if (nest === undefined) return { ...fields, ...found };
  const inner = { ...objectOf(fields[nest]), ...found };
  return Object.keys(inner).length === 0 ? fields : { ...fields, [nest]: inner };
}
