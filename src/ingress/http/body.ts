import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { GatewayError } from "../../canonical/errors.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { InTurn } from "../../lib/in-turn.ts";
import { boundaryOf } from "../../lib/multipart.ts";
import { parseForm } from "./form-body.ts";
import { parseBody } from "./parse-body.ts";

type Inflate = (data: Uint8Array, options: { maxOutputLength: number; chunkSize?: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip) as Inflate,
  "x-gzip": promisify(gunzip) as Inflate,
  deflate: promisify(inflate) as Inflate,
  br: promisify(brotliDecompress) as Inflate,
  zstd: promisify(zstdDecompress) as Inflate,
};

/** Bodies up to this size after decompression do not wait for others. */
const SMALL_BYTES = 1024 * 1024;
const largeOnes = new InTurn(1);
/** Output of one step: of the runtime's own, smaller ones a large body takes three times as long. */
const CHUNK_BYTES = 256 * 1024;

export interface ReadBody {
  raw: RawBody;
  /** Bytes, after decompression. */
  length: number;
}

/** What an endpoint takes: a JSON object, such or a form, a JSON list, or an object whatever type it says that it has. */
export type BodyKind = "json" | "json_or_form" | "json_list" | "untyped_json";

/** A body that is a list stands in this field of an object. */
export const LIST_FIELD = "list";

/** Reads a JSON object, or where it is taken a multipart form, from a request; throws a `GatewayError` that says what is wrong with anything else. */
export function readBody(request: Request, maxBytes: number, kind: BodyKind): Promise<ReadBody> {
  const { headers } = request;
  const type = headers.get("content-type");
  const boundary = type === null || kind !== "json_or_form" ? null : boundaryOf(type);
  if (boundary === null && kind !== "untyped_json") checkType(type);
  const encoding = headers.get("content-encoding");
  // Nearly all bodies are of this kind, and each function that waits for another costs more than it seems.
  if ((encoding === null || encoding === "identity") && boundary === null && kind !== "json_list")
    return arriving(request, maxBytes).then((bytes) => parsed(bytes, maxBytes), brokenOff);
  return readOther(readBytes(request, maxBytes), encoding, boundary, maxBytes, kind);
}

function parsed(bytes: Uint8Array, maxBytes: number): ReadBody | Promise<ReadBody> {
  checkLength(bytes.byteLength, maxBytes);
  const raw = parseBody(bytes);
  const length = bytes.byteLength;
  return raw instanceof Promise ? raw.then((inSteps) => ({ raw: inSteps, length })) : { raw, length };
}

async function readOther(
  sent: Promise<Uint8Array>,
  encoding: string | null,
  boundary: string | null,
  maxBytes: number,
  kind: BodyKind,
): Promise<ReadBody> {
  let bytes = await sent;
  if (encoding !== null && encoding !== "identity") bytes = await decompressed(bytes, encoding, maxBytes);
  const length = bytes.byteLength;
  if (boundary !== null) return { raw: parseForm(bytes, boundary), length };
  return { raw: await parseBody(kind === "json_list" ? listed(bytes) : bytes), length };
}

/** The bytes of a body as they came; throws a `GatewayError` when there are more than `maxBytes`, or it breaks off. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const bytes = await arriving(request, maxBytes).catch(brokenOff);
  checkLength(bytes.byteLength, maxBytes);
  return bytes;
}

function arriving(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = request.headers.get("content-length");
  checkLength(Number(declared ?? 0), maxBytes);
  return declared === null ? chunkedBytes(request, maxBytes) : request.bytes();
}

function brokenOff(error: unknown): never {
  if (error instanceof GatewayError) throw error;
  throw new GatewayError("client_aborted", "the request body broke off");
}

function listed(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`{"${LIST_FIELD}":`), bytes, Buffer.from("}")]);
}

/** A body of unknown length is read no further than to the limit. */
async function chunkedBytes({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    checkLength(length, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** True for a content type of JSON. */
export function isJsonType(type: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(type);
}

function checkType(type: string | null): void {
  if (type === null || type === "application/json" || isJsonType(type)) return;
  throw new GatewayError(
    "unsupported_media_type",
    `content-type must be application/json, got ${JSON.stringify(type.slice(0, 100))}`,
  );
}

function checkLength(length: number, maxBytes: number): void {
  if (length <= maxBytes) return;
  throw new GatewayError(
    "body_too_large",
    `the body has ${length} bytes or more, the limit is ${maxBytes} (server.max_body_bytes)`,
  );
}

async function decompressed(sent: Uint8Array, encoding: string, maxBytes: number): Promise<Uint8Array> {
  const decoder = Object.hasOwn(DECODERS, encoding.toLowerCase()) ? DECODERS[encoding.toLowerCase()] : undefined;
  if (decoder === undefined) {
    const known = Object.keys(DECODERS).join(", ");
    throw new GatewayError(
      "unsupported_media_type",
      `content-encoding ${JSON.stringify(encoding.slice(0, 50))} is none of ${known}`,
    );
  }
  try {
    return await inflated(decoder, sent, maxBytes);
  } catch (error) {
    throw decompressionError(error, encoding, maxBytes);
  }
}

/** A body of a few KB may become one of many MB: a hundred such at once would take gigabytes. */
async function inflated(decoder: Inflate, sent: Uint8Array, maxBytes: number): Promise<Buffer> {
  try {
    return await decoder(sent, { maxOutputLength: Math.min(maxBytes, SMALL_BYTES) });
  } catch (error) {
    if (maxBytes <= SMALL_BYTES || !isTooLarge(error)) throw error;
    return await largeOnes.run(() => decoder(sent, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES }));
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function decompressionError(error: unknown, encoding: string, maxBytes: number): GatewayError {
  if (isTooLarge(error)) {
    return new GatewayError(
      "body_too_large",
      `the body exceeds ${maxBytes} bytes when decompressed (server.max_body_bytes)`,
    );
  }
  return new GatewayError("invalid_request", `the body is not valid ${encoding}`);
}
