import type { Json, JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import { CLIENT_CONTEXT } from "./encode-context.ts";
import { encodeGrounding, type CitedText } from "./encode-grounding.ts";
import { encodeToolCall } from "./encode-model-items.ts";
import { candidateOf, sendParts, type CandidateState, type EncoderState, type PartOf } from "./encoder-state.ts";
import { encodeFinishReason } from "./finish-reason.ts";
import { sealSignature } from "./signature.ts";
import type { WirePart } from "./wire.ts";

/** The part that carries the state of a thought. */
export function signedThought(opaque: Opaque): WirePart {
  return { text: "", thought: true, thoughtSignature: sealSignature(opaque) };
}

/** The chunk of what an item held back: a whole call, or state that was there from the start. */
export function endItem(index: number, state: EncoderState): string {
  const item = state.items.get(index);
  if (item === undefined) return "";
  const { call, opaque } = item;
  delete item.call;
  delete item.opaque;
  if (call !== undefined) return sendParts(state, index, [encodeToolCall(call, "", CLIENT_CONTEXT)]);
  return opaque === undefined ? "" : sendParts(state, index, [signedThought(opaque)]);
}

/** Marks of `decodeResponse` that are not fields of a candidate. */
const MARKS = new Set(["content", "noIndex", "absent"]);

/** Finishes wait for the end, so that the last chunk has them together with the final usage. */
export function gatherFinish(part: PartOf<"finish">, state: EncoderState): string {
  const unsent = flushItems(part.candidate, state);
  const kept = part.extensions?.gemini;
  if (kept?.absent === true) return unsent;
  const raw = kept !== undefined && part.raw !== undefined ? part.raw : encodeFinishReason(part.reason, part.raw);
  const wire: JsonObject = {
    content: { parts: [{ text: "" }], role: "model" },
    finishReason: raw,
    index: part.candidate,
  };
  const grounding = kept === undefined ? encodeGrounding(citedTexts(candidateOf(state, part.candidate))) : undefined;
  if (grounding !== undefined) wire.groundingMetadata = grounding;
  for (const [key, value] of Object.entries(kept ?? {})) if (!MARKS.has(key)) wire[key] = value;
  state.finishes.push(wire);
  return unsent;
}

/** Offsets of a citation count from its own part; those of the wire from the start of the text. */
function citedTexts({ text, spans, cited }: CandidateState): CitedText[] {
  return cited.map(({ key, citation }) => {
    const span = spans.get(key) ?? { start: 0, end: text.length };
    const start = span.start + (citation.start ?? 0);
    const end = citation.end === undefined ? span.end : span.start + citation.end;
    return { partIndex: 0, text, citation: { ...citation, start, end } };
  });
}

/** Items that never ended, of a candidate that has. */
function flushItems(candidate: number, state: EncoderState): string {
  let text = "";
  for (const [index, item] of state.items) if (item.candidate === candidate) text += endItem(index, state);
  return text;
}

/** The last chunk, after whatever never ended, and what closes the body. */
export function endStream(part: PartOf<"end">, state: EncoderState): string {
  state.done = true;
  let text = "";
  for (const index of state.items.keys()) text += endItem(index, state);
  return text + lastChunk(state, part.extensions?.gemini) + state.framing.end();
}

/** The finishes with the final usage; a blocked prompt has no candidates. */
function lastChunk(state: EncoderState, kept: JsonObject | undefined): string {
  const known = Object.keys(state.envelope);
  const more = Object.entries(kept ?? {}).filter(([key]) => !known.includes(key));
  const tail =
    more.length === 0
      ? state.tail
      : `,${JSON.stringify(Object.fromEntries<Json | undefined>(more)).slice(1, -1)}${state.tail}`;
  if (state.finishes.length > 0) return state.framing.chunk(`{"candidates":${JSON.stringify(state.finishes)}${tail}`);
  return tail === "}" ? "" : state.framing.chunk(`{${tail.slice(1)}`);
}
