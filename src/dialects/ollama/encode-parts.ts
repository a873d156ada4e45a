import type { ImagePart, Part } from "../../canonical/content.ts";
import { inlineData } from "../../canonical/data-url.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { Warn } from "./encode-context.ts";

/** Content as this wire has it: one text, and images as base64. */
export interface Content {
  text: string;
  images: string[];
}

/** Puts the parts of a message together; what Ollama cannot take is left out with a warning. */
export function encodeParts(parts: readonly Part[], field: string, warn: Warn): Content {
  const content: Content = { text: "", images: [] };
  for (const [at, part] of parts.entries()) addPart(content, part, `${field}.content[${at}]`, warn);
  return content;
}

function addPart(content: Content, part: Part, field: string, warn: Warn): void {
  if ((part.type === "text" || part.type === "image") && part.opaque !== undefined)
    dropOpaque(part.opaque, field, warn);
  if (part.type !== "refusal" && part.cache !== undefined) {
    warn("unsupported_field", "cache_control", "Ollama caches prompts by itself; cache markers were left out");
  }
  if (part.type === "text" || part.type === "refusal") content.text += part.text;
  else if (part.type === "file" && part.source.type === "text") addDocument(content, part.source.text, field, warn);
  else if (part.type !== "image") warn("dropped_content", field, `Ollama takes no ${part.type}; it was left out`);
  else {
    const data = imageData(part);
    if (data === undefined) warn("dropped_content", field, "Ollama takes images as base64 only; this one was left out");
    else content.images.push(data);
  }
}

/** Thoughts have no state here. */
export function dropOpaque({ maker }: Opaque, field: string, warn: Warn): void {
  warn("dropped_opaque", field, `reasoning state of ${maker} means nothing to Ollama and was left out`);
}

function addDocument(content: Content, text: string, field: string, warn: Warn): void {
  warn("changed_field", field, "Ollama has no documents; the text of this one was sent as a part of the message");
  content.text += content.text === "" ? text : `\n\n${text}`;
}

/** The base64 of an image; undefined when its bytes are not in the request. */
export function imageData({ source }: ImagePart): string | undefined {
  if (source.type === "base64") return source.data;
  return source.type === "url" ? inlineData(source.url)?.data : undefined;
}
