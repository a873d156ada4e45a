import type { AudioPart, RefusalPart, TextPart } from "../../canonical/content.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import type { MessageItem } from "../../canonical/request.ts";
import { encodeCitation } from "./encode-citation.ts";
import { encodeContentPart } from "./encode-output-item.ts";
import { encodeOutputImage, encodeOutputMedia, openText, tokensOf } from "./encode-output-part.ts";
import { madeUpId } from "./made-up-id.ts";
import { ownFields } from "./own-fields.ts";
import { partHead, wholeItem } from "./stream-output.ts";
import type { OpenPart, OutputEntry, PartOf, StreamOutput } from "./stream-output.ts";
import { DIALECT, listOf } from "./wire.ts";

/** An entry of a message. */
export type MessageEntry = OutputEntry & { item: MessageItem };

/** Writes text of the message. */
export function writeText(state: StreamOutput, entry: MessageEntry, part: PartOf<"text_delta">): void {
  const open = openSpoken(state, entry, part.part, "text");
  const text = entry.item.content[open.index] as TextPart;
  text.text += part.text;
  if (part.opaque !== undefined) text.opaque = part.opaque;
  const tokens = tokensOf(part.logprobs);
  if (tokens.length > 0) keepLogprobs(text, tokens);
  else if (part.text === "") return;
  const logprobs = tokens.length > 0 ? JSON.stringify(tokens) : "[]";
  state.writer.eventText(
    "response.output_text.delta",
    `${open.head}${JSON.stringify(part.text)},"logprobs":${logprobs}`,
  );
}

function keepLogprobs(text: TextPart, tokens: readonly Json[]): void {
  text.extensions = { [DIALECT]: { logprobs: [...listOf(ownFields(text).logprobs), ...tokens] } };
}

/** Writes a refusal. */
export function writeRefusal(state: StreamOutput, entry: MessageEntry, part: PartOf<"refusal_delta">): void {
  const open = openSpoken(state, entry, part.part, "refusal");
  (entry.item.content[open.index] as RefusalPart).text += part.text;
  state.saidRefusal = true;
  if (part.text !== "") state.writer.eventText("response.refusal.delta", `${open.head}${JSON.stringify(part.text)}`);
}

/** Writes a citation of the text so far. */
export function writeCitation(state: StreamOutput, entry: MessageEntry, part: PartOf<"citation">): void {
  const open = openSpoken(state, entry, part.part, "text");
  const text = entry.item.content[open.index] as TextPart;
  const number = (text.citations ??= []).push(part.citation) - 1;
  state.writer.event("response.output_text.annotation.added", {
    item_id: entry.id,
    output_index: entry.index,
    content_index: open.index,
    annotation_index: number,
    annotation: encodeCitation(part.citation, text.text.length),
  });
}

/** The part that this delta belongs to: the open one, one that is closed already, or a new one. */
function openSpoken(state: StreamOutput, entry: MessageEntry, number: number, kind: "text" | "refusal"): OpenPart {
  const { open } = entry;
  if (open !== undefined && open.number === number && open.kind === kind) return open;
  const place = entry.places[number];
  if (place !== undefined && entry.item.content[place]?.type === kind) return partAt(entry, number, place, kind);
  closePart(state, entry);
  const index = entry.item.content.length;
  entry.places[number] = index;
  entry.item.content.push({ type: kind, text: "" });
  const wire = kind === "text" ? openText() : { type: "refusal", refusal: "" };
  state.writer.event("response.content_part.added", { ...indexes(entry, index), part: wire });
  return (entry.open = partAt(entry, number, index, kind));
}

function partAt(entry: OutputEntry, number: number, index: number, kind: OpenPart["kind"]): OpenPart {
  return { kind, number, index, head: partHead(entry, "content_index", index) };
}

function indexes(entry: OutputEntry, index: number): JsonObject {
  return { item_id: entry.id, output_index: entry.index, content_index: index };
}

/** Ends the open part of a message: the done event of its text, and of the part. */
export function closePart(state: StreamOutput, entry: MessageEntry): void {
  const { open } = entry;
  if (open === undefined) return;
  entry.open = undefined;
  const part = entry.item.content[open.index];
  const wire = part === undefined ? undefined : encodeContentPart(part, []);
  if (wire === undefined) return;
  const place = indexes(entry, open.index);
  if (open.kind === "refusal") state.writer.event("response.refusal.done", { ...place, refusal: wire.refusal });
  else state.writer.event("response.output_text.done", { ...place, text: wire.text, logprobs: wire.logprobs });
  state.writer.event("response.content_part.done", { ...place, part: wire });
}

/** Writes media of the model: an image as an item of its own, audio as the vendor's audio events, others as a part. */
export function writeMedia(state: StreamOutput, entry: MessageEntry, part: PartOf<"media">): void {
  const { media } = part;
  const image = encodeOutputImage(media, madeUpId("ig", state.answerId, state.output.length));
  if (image !== undefined) return wholeItem(state, image);
  if (media.type === "audio" && media.source.type === "base64") return writeAudio(state, entry, part);
  const wire = encodeContentPart(media, []);
  if (wire === undefined) return;
  closePart(state, entry);
  const index = entry.item.content.push(media) - 1;
  state.writer.event("response.content_part.added", { ...indexes(entry, index), part: wire });
  state.writer.event("response.content_part.done", { ...indexes(entry, index), part: wire });
}

/** Audio events name no item; the whole of it stands in the item when it is done. */
function writeAudio(state: StreamOutput, entry: MessageEntry, part: PartOf<"media">): void {
  const wire = encodeOutputMedia(part.media);
  if (wire === undefined || part.media.type !== "audio") return;
  joinAudio(entry.audio, part);
  if (wire.data !== "") state.writer.event("response.audio.delta", { delta: wire.data });
  if (wire.transcript !== "") state.writer.event("response.audio.transcript.delta", { delta: wire.transcript });
}

function joinAudio(audio: AudioPart[], part: PartOf<"media">): void {
  const { media } = part;
  if (media.type !== "audio" || media.source.type !== "base64") return;
  const last = audio.at(-1);
  if (part.chunk !== true || last?.source.type !== "base64") {
    audio.push({ ...media, source: { ...media.source } });
    return;
  }
  last.source.data += media.source.data;
  if (media.transcript !== undefined) last.transcript = (last.transcript ?? "") + media.transcript;
}

/** Ends the audio of a message, when it has some. */
export function closeAudio(state: StreamOutput, entry: MessageEntry): void {
  if (entry.audio.length === 0) return;
  entry.item.content.push(...entry.audio);
  state.writer.event("response.audio.done", {});
  state.writer.event("response.audio.transcript.done", {});
}
