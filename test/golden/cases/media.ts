import type { InlineCase } from "./case.ts";

const ASK = "What is this?";
const URL = "https://example.com/cat.png";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PDF = "JVBERi0xLjQKJeLjz9MK";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEA";

const chat = (part: object): object => ({ messages: [{ role: "user", content: [{ type: "text", text: ASK }, part] }] });
const responses = (part: object): object => ({
  input: [{ role: "user", content: [{ type: "input_text", text: ASK }, part] }],
});
const messages = (block: object): object => ({
  max_tokens: 1000,
  messages: [{ role: "user", content: [{ type: "text", text: ASK }, block] }],
});
const gemini = (part: object): object => ({ contents: [{ role: "user", parts: [{ text: ASK }, part] }] });

interface Forms {
  chat: object | string;
  responses: object | string;
  messages: object | string;
  gemini: object | string;
}

/** The same medium in each dialect's own part. */
function medium(name: string, facts: InlineCase["facts"], forms: Forms): InlineCase {
  const wrap = (form: object | string, body: (part: object) => object): InlineCase["wire"]["gemini"] =>
    typeof form === "string" ? form : (body(form) as Exclude<InlineCase["wire"]["gemini"], string>);
  return {
    name,
    facts: [ASK, ...facts],
    wire: {
      "openai-chat": wrap(forms.chat, chat),
      "openai-responses": wrap(forms.responses, responses),
      "anthropic-messages": wrap(forms.messages, messages),
      gemini: wrap(forms.gemini, gemini),
    },
  };
}

/** Images, files, sound and film. */
export const MEDIA_CASES: InlineCase[] = [
  medium("image-url", [URL], {
    chat: { type: "image_url", image_url: { url: URL } },
    responses: { type: "input_image", image_url: URL, detail: "auto" },
    messages: { type: "image", source: { type: "url", url: URL } },
    gemini: { fileData: { fileUri: URL, mimeType: "image/png" } },
  }),
  medium("image-base64", [PNG], {
    chat: { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}`, detail: "low" } },
    responses: { type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "low" },
    messages: { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
    gemini: { inlineData: { mimeType: "image/png", data: PNG } },
  }),
  medium("file-base64", [PDF], {
    chat: { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` } },
    responses: { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` },
    messages: {
      type: "document",
      title: "a.pdf",
      source: { type: "base64", media_type: "application/pdf", data: PDF },
    },
    gemini: { inlineData: { mimeType: "application/pdf", data: PDF } },
  }),
  medium("file-url", ["https://example.com/a.pdf"], {
    chat: "files come inline or by an id",
    responses: { type: "input_file", file_url: "https://example.com/a.pdf" },
    messages: { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
    gemini: { fileData: { fileUri: "https://example.com/a.pdf", mimeType: "application/pdf" } },
  }),
  medium("file-text", ["Alice lives in Paris."], {
    chat: "text files are text",
    responses: "text files are text",
    messages: {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "Alice lives in Paris." },
      title: "Notes",
      citations: { enabled: true },
    },
    gemini: "text files are text",
  }),
  medium("file-id", ["file-abc123"], {
    chat: { type: "file", file: { file_id: "file-abc123" } },
    responses: { type: "input_file", file_id: "file-abc123" },
    messages: { type: "document", source: { type: "file", file_id: "file-abc123" } },
    gemini: "files have addresses",
  }),
  medium("audio-base64", [WAV], {
    chat: { type: "input_audio", input_audio: { data: WAV, format: "wav" } },
    responses: { type: "input_audio", input_audio: { data: WAV, format: "wav" } },
    messages: "the API takes no sound",
    gemini: { inlineData: { mimeType: "audio/wav", data: WAV } },
  }),
  medium("video-url", ["https://youtu.be/dQw4w9WgXcQ"], {
    chat: "the API takes no film",
    responses: "the API takes no film",
    messages: "the API takes no film",
    gemini: { fileData: { fileUri: "https://youtu.be/dQw4w9WgXcQ", mimeType: "video/mp4" } },
  }),
];
