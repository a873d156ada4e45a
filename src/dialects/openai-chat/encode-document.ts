import type { FilePart } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { EncodeContext } from "./encode-context.ts";
import { warn } from "./encode-context.ts";
import { dataUrl } from "./media-type.ts";

/**
 * A document where the host does not take it as a `file` part; nothing where it does. OpenAI's holds bytes or an id, never
 * an address (https://platform.openai.com/docs/api-reference/chat/create): the model is then told where the document is.
 */
export function encodeHostDocument(part: FilePart, context: EncodeContext): JsonObject | undefined {
  const { documents } = context;
  const { source } = part;
  if (documents === "document_url") return encodeDocumentUrl(part);
  if (documents === "file_url" && source.type === "url") return encodeFileUrl(part, source.url);
  if (documents === "file_url" && source.type === "base64") return encodeFileUrl(part, source.data);
  return source.type === "url" && documents === undefined ? tellAddress(part, source.url, context) : undefined;
}

/** Mistral: https://docs.mistral.ai/capabilities/document_ai/document_qna; ids in a part of their own. */
function encodeDocumentUrl({ source, mediaType, filename }: FilePart): JsonObject | undefined {
  if (source.type === "file_id") return { type: "file", file_id: source.id };
  if (source.type === "text") return undefined;
  const url = source.type === "url" ? source.url : dataUrl(mediaType ?? "application/pdf", source.data);
  return { type: "document_url", document_url: url, ...(filename !== undefined && { document_name: filename }) };
}

/**
 * Perplexity (https://docs.perplexity.ai/guides/file-attachments), whose base64 stands there bare, and Z.ai, which takes
 * addresses only (https://docs.z.ai/api-reference/llm/chat-completion).
 */
export function encodeFileUrl({ filename }: FilePart, url: string): JsonObject {
  return { type: "file_url", file_url: { url }, ...(filename !== undefined && { file_name: filename }) };
}

function tellAddress({ filename, title }: FilePart, url: string, context: EncodeContext): JsonObject {
  warn(
    context,
    "changed_field",
    "content.file",
    "the host takes no document by its address: the model was told where it is",
  );
  const name = filename ?? title;
  return {
    type: "text",
    text: `A document that could not be attached: ${name === undefined ? "" : `${name}, `}${url}`,
  };
}
