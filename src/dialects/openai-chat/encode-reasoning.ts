import type { JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { sealOpaque } from "../../canonical/opaque.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import type { ReasoningForm } from "./reasoning-form.ts";
import { openForm } from "./reasoning-form.ts";
import { CHAT } from "./wire.ts";

/** Where one reasoning item goes in a message. */
export interface ReasoningPlaces {
  /** String fields that get the text. */
  fields: readonly string[];
  text: string;
  /** Entry of `reasoning_details`. */
  detail?: JsonObject;
  /** Content part. */
  thinking?: JsonObject;
  /** Text before all other content. */
  tagged?: string;
}

/** The field that clients of this dialect read reasoning from when the upstream spoke another one. */
const CLIENT_FIELDS: readonly string[] = ["reasoning_content"];
const NO_FIELDS: readonly string[] = [];

/** Full text, or else the summary parts, as one string. */
export function readableText(item: ReasoningItem): string {
  return item.text === "" ? item.summary.join("\n\n") : item.text;
}

/**
 * Where an item goes; nothing (and a warning) when it cannot go along. For an upstream that is everything that no host
 * of this dialect said, unless it has a field for any: OpenAI has none, Groq and Mistral refuse a request that has one.
 * For a client it is `reasoning_content`, and the sealed state in `reasoning_details`.
 */
export function placeReasoning(item: ReasoningItem, context: EncodeContext): ReasoningPlaces | undefined {
  const form = openForm(item.opaque);
  const text = readableText(item);
  if (!context.toClient) return placeUpstream(form, item, text, context);
  if (form !== undefined) return placeForm(form, item, text);
  const places: ReasoningPlaces = { fields: CLIENT_FIELDS, text };
  if (item.opaque !== undefined) places.detail = sealedDetail(item.opaque, text, item.id);
  return places;
}

function placeUpstream(
  form: ReasoningForm | undefined,
  item: ReasoningItem,
  text: string,
  context: EncodeContext,
): ReasoningPlaces | undefined {
  const { reasoningField: field } = context;
  const [open, close] = form?.tags ?? [];
  if (open !== undefined && close !== undefined) return { fields: NO_FIELDS, text, tagged: open + text + close };
  const isPlain = form === undefined || (form.detail === undefined && form.thinking === undefined);
  if (field === undefined || !isPlain || text === "") {
    return form === undefined ? dropReasoning(item, context) : placeForm(form, item, text);
  }
  if (form === undefined && item.opaque !== undefined) noteOpaque(item.opaque.maker, context);
  return { fields: [field], text };
}

function placeForm(form: ReasoningForm, item: ReasoningItem, text: string): ReasoningPlaces {
  const places: ReasoningPlaces = { fields: form.fields ?? NO_FIELDS, text };
  if (form.thinking !== undefined) places.thinking = { ...form.thinking, thinking: [{ type: "text", text }] };
  if (form.detail !== undefined) places.detail = { ...form.detail, ...readableFields(item) };
  return places;
}

function readableFields(item: ReasoningItem): JsonObject {
  const fields: JsonObject = {};
  if (item.text !== "") fields["text"] = item.text;
  if (item.summary.length > 0) fields["summary"] = item.summary.join("");
  return fields;
}

function dropReasoning(item: ReasoningItem, context: EncodeContext): undefined {
  if (item.opaque !== undefined) {
    noteOpaque(item.opaque.maker, context);
  } else {
    warn(context, "dropped_content", "reasoning", "reasoning of another dialect has no field in chat completions");
  }
  return undefined;
}

function noteOpaque(maker: string, context: EncodeContext): void {
  warn(context, "dropped_opaque", "reasoning", `only ${maker} can read this reasoning`);
}

/** The `reasoning_details` entry in which a client carries another maker's state back without knowing. */
export function sealedDetail(opaque: Opaque, text: string, id: string | undefined): JsonObject {
  const detail: JsonObject =
    opaque.kind === "signature"
      ? { type: "reasoning.text", text, signature: sealOpaque(opaque, CHAT), format: "unknown" }
      : { ...sealedState(opaque), ...(text !== "" && { summary: text }) };
  if (id !== undefined) detail["id"] = id;
  return detail;
}

/** The same for state of something else than reasoning: `id` is the tool call's, or `TEXT_STATE_ID`. */
export function sealedState(opaque: Opaque, id?: string): JsonObject {
  const detail: JsonObject = { type: "reasoning.encrypted", data: sealOpaque(opaque, CHAT), format: "unknown" };
  if (id !== undefined) detail["id"] = id;
  return detail;
}
