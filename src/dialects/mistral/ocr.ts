import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { TaskCodec, TaskWire, TaskWireAnswer } from "../../canonical/task.ts";
import { invalidField, TaskFields } from "../../canonical/task-fields.ts";
import type { OcrAnswer, OcrDocument, OcrPage, OcrRequest } from "../../canonical/tasks/ocr.ts";
import { unitUsage } from "../../canonical/usage.ts";

const PATH = "/ocr";
/** Pages that a document is taken to have when the request names none: https://docs.mistral.ai/capabilities/document_ai allows 1,000. */
const UNKNOWN_PAGES = 100;

/** `POST /v1/ocr`: https://docs.mistral.ai/api/endpoint/ocr */
export const ocr: TaskCodec<OcrRequest, OcrAnswer> = {
  decodeRequest,
  weigh: ({ document, pages }) => ({
    inputTokens: 0,
    outputTokens: 0,
    hasImages: document.type === "image",
    units: { pages: document.type === "image" ? 1 : (pages?.length ?? UNKNOWN_PAGES) },
  }),
  encodeRequest({ model, document, pages, extensions }) {
    const json: JsonObject = { ...extensions.mistral, model, document: encodeDocument(document) };
    if (pages !== undefined) json["pages"] = pages;
    return { path: PATH, body: { json }, headers: {} };
  },
  relayPath: () => PATH,
  modelInBody: true,
  decodeResponse,
  encodeResponse: ({ model, pages, usage, rest }, { request }) => ({
    contentType: "application/json",
    body: JSON.stringify({
      pages: pages.map(({ index, markdown, rest: more }) => ({
        index,
        markdown,
        images: [],
        dimensions: null,
        ...more,
      })),
      model: model === "" ? request.model : model,
      usage_info: isJsonObject(usage?.raw)
        ? usage.raw
        : { pages_processed: usage?.units?.pages ?? pages.length, doc_size_bytes: null },
      ...rest,
    }),
  }),
};

function decodeRequest(wire: TaskWire): OcrRequest {
  const fields = new TaskFields(wire);
  const request: OcrRequest = {
    model: fields.text("model", true),
    stream: false,
    document: documentOf(fields.value("document")),
    extensions: {},
    warnings: [],
  };
  const pages = fields.value("pages");
  if (pages !== undefined) request.pages = pagesOf(pages);
  request.extensions = { mistral: fields.rest() };
  return request;
}

function documentOf(value: Json | undefined): OcrDocument {
  if (isJsonObject(value)) {
    const { document_url: url, document_name: name, image_url: image, file_id: id } = value;
    if (typeof url === "string") return { type: "document", url, ...(typeof name === "string" && { name }) };
    if (typeof id === "string") return { type: "file_id", id };
    const address = isJsonObject(image) ? image["url"] : image;
    if (typeof address === "string") return { type: "image", url: address };
  }
  throw invalidField("document", "an object with `document_url`, `image_url` or `file_id`");
}

/** Numbers, or a text such as `0-2,5`. */
function pagesOf(value: Json): number[] {
  if (typeof value === "string") return value.split(",").flatMap(rangeOf);
  if (Array.isArray(value) && value.every((page) => Number.isInteger(page) && Number(page) >= 0))
    return value as number[];
  throw invalidField("pages", "a list of page numbers from 0");
}

const MOST_PAGES = 10_000;

function rangeOf(text: string): number[] {
  const match = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(text);
  const start = Number(match?.[1]);
  const length = Number(match?.[2] ?? start) - start + 1;
  if (match === null || length < 1 || length > MOST_PAGES) throw invalidField("pages", "page numbers such as `0-2,5`");
  return Array.from({ length }, (_, at) => start + at);
}

function encodeDocument(document: OcrDocument): JsonObject {
  if (document.type === "file_id") return { type: "file", file_id: document.id };
  if (document.type === "image") return { type: "image_url", image_url: document.url };
  const name = document.name === undefined ? {} : { document_name: document.name };
  return { type: "document_url", document_url: document.url, ...name };
}

function decodeResponse(answer: TaskWireAnswer): OcrAnswer {
  const body = answer.json();
  if (!isJsonObject(body) || !Array.isArray(body["pages"]))
    throw new GatewayError("provider_protocol_error", "the provider's answer holds no pages");
  const { pages, model, usage_info: usage, ...rest } = body;
  const read = pages.map(pageOf);
  const processed = isJsonObject(usage) ? Number(usage["pages_processed"]) : Number.NaN;
  return {
    model: typeof model === "string" ? model : "",
    pages: read,
    usage: {
      ...unitUsage({ pages: Number.isFinite(processed) && processed > 0 ? processed : read.length }),
      raw: usage,
    },
    rest,
  };
}

function pageOf(page: Json, at: number): OcrPage {
  if (!isJsonObject(page)) return { index: at, markdown: "", rest: {} };
  const { index, markdown, ...rest } = page;
  return {
    index: typeof index === "number" ? index : at,
    markdown: typeof markdown === "string" ? markdown : "",
    rest,
  };
}
