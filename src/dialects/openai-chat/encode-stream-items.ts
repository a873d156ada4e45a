import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { encodeAnnotation, encodeDocumentCitation } from "./citations.ts";
import { sealedDetail, sealedState } from "./encode-reasoning.ts";
import { TEXT_STATE_ID } from "./reasoning-form.ts";
import type { CandidateState, EncoderState, ItemState } from "./encode-stream-state.ts";
import { TAIL, candidateOf } from "./encode-stream-state.ts";
import { addCallFields, encodeExtraContent } from "./encode-tool-calls.ts";
import { openForm, readForm } from "./reasoning-form.ts";
import { fieldsOf, shapeOf } from "./shape.ts";
import { CHAT, textOf } from "./wire.ts";

type PartOf<T extends StreamPart["type"]> = Extract<StreamPart, { type: T }>;

/** Encodes the beginning of an item: of a tool call its id and name; of others nothing. */
export function encodeItemStart(state: EncoderState, part: PartOf<"item_start">): string {
  const { candidate, role } = candidateOf(state, part.candidate);
  const item = createItem(part);
  state.items[part.index] = item;
  if (part.kind === "tool_call") return role + encodeCallStart(state, candidate, item, part);
  if (part.kind === "reasoning") {
    item.form = readForm(fieldsOf(part));
    if (part.opaque !== undefined) return role + encodeState(candidate, item, part.opaque);
  }
  return role;
}

function createItem(part: PartOf<"item_start">): ItemState {
  return {
    candidate: part.candidate,
    kind: part.kind,
    callIndex: 0,
    callId: part.callId ?? "",
    custom: part.toolKind === "custom",
    hasArguments: false,
    held: null,
    form: undefined,
    id: part.id,
    text: "",
    summaryPart: 0,
    partStarts: [],
    partLengths: [],
    cited: [],
    isEnded: false,
  };
}

function encodeCallStart(
  state: EncoderState,
  candidate: CandidateState,
  item: ItemState,
  part: PartOf<"item_start">,
): string {
  const name = part.name ?? "";
  if ((state.legacy || shapeOf(part)?.legacy === true) && !candidate.hasFunctionCall) {
    candidate.hasFunctionCall = true;
    item.callIndex = -1;
    return chunk(candidate, { function_call: { name, arguments: "" } });
  }
  item.callIndex = candidate.calls++;
  const call: JsonObject = item.custom
    ? { index: item.callIndex, id: item.callId, type: "custom", custom: { name, input: "" } }
    : { index: item.callIndex, id: item.callId, type: "function", function: { name, arguments: "" } };
  addCallFields(call, fieldsOf(part));
  const extra = part.opaque === undefined ? undefined : encodeExtraContent(part.opaque);
  if (extra !== undefined) call["extra_content"] = extra;
  const detail = part.opaque === undefined ? "" : encodeCallDetail(candidate, item, part.opaque);
  if (state.reply.wantsWholeCalls !== true) return chunk(candidate, { tool_calls: [call] }) + detail;
  item.held = { call, text: "" };
  return detail;
}

/** A call of which all pieces have come. */
function encodeWholeCall(
  candidate: CandidateState,
  item: ItemState,
  { call, text }: NonNullable<ItemState["held"]>,
): string {
  const said = item.custom ? { input: text } : { arguments: text === "" ? "{}" : text };
  const kind = item.custom ? "custom" : "function";
  const named = isJsonObject(call[kind]) ? call[kind] : {};
  return chunk(candidate, { tool_calls: [{ ...call, [kind]: { ...named, ...said } }] });
}

/** The signature of a call as a `reasoning_details` entry too, for clients that keep only those. */
function encodeCallDetail(candidate: CandidateState, item: ItemState, opaque: Opaque): string {
  if (opaque.maker === CHAT) return "";
  return encodeDetail(candidate, sealedState(opaque, item.callId));
}

/** Encodes the signature of a text (Gemini signs text too) as a `reasoning_details` entry, where the decoder looks for it. */
export function encodeTextState(state: EncoderState, item: ItemState, opaque: Opaque): string {
  const candidate = state.candidates[item.candidate];
  if (candidate === undefined || opaque.maker === CHAT) return "";
  return encodeDetail(candidate, sealedState(opaque, TEXT_STATE_ID));
}

function encodeDetail(candidate: CandidateState, detail: JsonObject): string {
  detail["index"] ??= candidate.details++;
  return chunk(candidate, { reasoning_details: [detail] });
}

function chunk(candidate: CandidateState, delta: JsonObject): string {
  return candidate.head + JSON.stringify(delta) + TAIL;
}

/**
 * Encodes a piece of reasoning: into the places that the upstream used, or into `reasoning_content`. Summary parts are
 * set apart by a blank line.
 */
export function encodeReasoningDelta(state: EncoderState, part: PartOf<"reasoning_delta">): string {
  const item = state.items[part.index];
  const candidate = item === undefined ? undefined : state.candidates[item.candidate];
  if (item === undefined || candidate === undefined || part.text === "") return "";
  const isNext = part.channel === "summary" && part.part !== item.summaryPart;
  item.summaryPart = part.part;
  const text = isNext ? `\n\n${part.text}` : part.text;
  if (item.form !== undefined) return encodeFormDelta(candidate, item.form, part.channel, text);
  item.text += text;
  return `${candidate.head}{"reasoning_content":${JSON.stringify(text)}}${TAIL}`;
}

function encodeFormDelta(
  candidate: CandidateState,
  form: NonNullable<ItemState["form"]>,
  channel: "text" | "summary",
  text: string,
): string {
  const delta: JsonObject = {};
  for (const field of form.fields ?? []) delta[field] = text;
  if (form.thinking !== undefined) delta["content"] = [{ type: "thinking", thinking: [{ type: "text", text }] }];
  if (form.detail !== undefined) delta["reasoning_details"] = [{ ...identity(form.detail), [channel]: text }];
  return chunk(candidate, delta);
}

/** What every piece of a `reasoning_details` entry repeats. */
function identity(detail: JsonObject): JsonObject {
  const { type, id, format, index } = detail;
  return {
    type,
    ...(id !== undefined && { id }),
    ...(format !== undefined && { format }),
    ...(index !== undefined && { index }),
  };
}

/** Encodes an item's opaque state, into the field that clients carry back without knowing. */
export function encodeItemOpaque(state: EncoderState, part: PartOf<"item_opaque">): string {
  const item = state.items[part.index];
  const candidate = item === undefined ? undefined : state.candidates[item.candidate];
  if (item === undefined || candidate === undefined) return "";
  if (item.kind === "reasoning") return encodeState(candidate, item, part.opaque);
  const extra = item.kind === "tool_call" && item.callIndex >= 0 ? encodeExtraContent(part.opaque) : undefined;
  if (extra === undefined) return "";
  return encodeCallExtra(candidate, item, extra) + encodeCallDetail(candidate, item, part.opaque);
}

/** The AI SDK refuses a piece of a call without its `function` (`chunkBaseSchema` of @ai-sdk/openai-compatible). */
function encodeCallExtra(candidate: CandidateState, { held, callIndex, custom }: ItemState, extra: JsonObject): string {
  const body = custom ? { custom: { input: "" } } : { function: { arguments: "" } };
  if (held === null) return chunk(candidate, { tool_calls: [{ index: callIndex, ...body, extra_content: extra }] });
  held.call["extra_content"] = extra;
  return "";
}

function encodeState(candidate: CandidateState, item: ItemState, opaque: Opaque): string {
  if (opaque.maker !== CHAT) return encodeDetail(candidate, sealedDetail(opaque, item.text, item.id));
  const form = openForm(opaque);
  const detail = form?.detail;
  if (detail !== undefined) return hasMore(detail) ? chunk(candidate, { reasoning_details: [detail] }) : "";
  if (form?.thinking === undefined || !hasAny(form.thinking, "type")) return "";
  return chunk(candidate, { content: [{ ...form.thinking, thinking: [] }] });
}

/** True when an entry says more than its pieces did. */
function hasMore(detail: JsonObject): boolean {
  if (textOf(detail["signature"]) !== undefined || textOf(detail["data"]) !== undefined) return true;
  return hasAny(detail, "type", "id", "format", "index", "signature", "data");
}

function hasAny(value: JsonObject, ...beside: string[]): boolean {
  return Object.keys(value).some((key) => !beside.includes(key));
}

/** Encodes the end of an item: the arguments of a call that has none, and the annotations of a text. */
export function encodeItemEnd(state: EncoderState, part: PartOf<"item_end">): string {
  const item = state.items[part.index];
  const candidate = item === undefined ? undefined : state.candidates[item.candidate];
  if (item === undefined || candidate === undefined) return "";
  item.isEnded = true;
  if (item.held !== null) return encodeWholeCall(candidate, item, item.held);
  if (item.kind === "tool_call") return encodeNoArguments(candidate, item);
  return item.cited.length === 0 ? "" : encodeCitations(candidate, item);
}

/** An empty text is no JSON, which clients would choke on. */
function encodeNoArguments(candidate: CandidateState, item: ItemState): string {
  if (item.hasArguments || item.custom) return "";
  if (item.callIndex < 0) return chunk(candidate, { function_call: { arguments: "{}" } });
  return chunk(candidate, { tool_calls: [{ index: item.callIndex, function: { arguments: "{}" } }] });
}

/** Keeps a citation for the end of its item; one that comes later goes out at once, with those before it. */
export function encodeCitation(state: EncoderState, part: PartOf<"citation">): string {
  const item = state.items[part.index];
  if (item === undefined) return "";
  item.cited.push({ part: part.part, citation: part.citation });
  const candidate = state.candidates[item.candidate];
  return item.isEnded && candidate !== undefined ? encodeCitations(candidate, item) : "";
}

/** All annotations in one chunk, as OpenAI sends them: the SDK keeps the last list only. */
function encodeCitations(candidate: CandidateState, item: ItemState): string {
  const annotations: JsonObject[] = [];
  const citations: JsonObject[] = [];
  for (const { part, citation } of item.cited) {
    const span = { from: item.partStarts[part] ?? 0, length: item.partLengths[part] ?? 0 };
    const annotation = encodeAnnotation(citation, span);
    const document = encodeDocumentCitation(citation, span);
    if (annotation !== undefined) annotations.push(annotation);
    if (document !== undefined) citations.push(document);
  }
  const delta: JsonObject = {};
  if (annotations.length > 0) delta["annotations"] = annotations;
  if (citations.length > 0) delta["citations"] = citations;
  return annotations.length + citations.length === 0 ? "" : chunk(candidate, delta);
}
