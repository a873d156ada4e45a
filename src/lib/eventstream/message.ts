import { crc32 } from "node:zlib";

/**
 * A message of the AWS event stream encoding, as `application/vnd.amazon.eventstream` carries it:
 * https://smithy.io/2.0/aws/amazon-eventstream.html. Headers of other types than string are read past.
 */
export interface EventStreamMessage {
  /** `:message-type`, `:event-type`, `:content-type`, `:exception-type`, … */
  headers: Readonly<Record<string, string>>;
  payload: Uint8Array;
}

/** Bytes that are no event stream: a wrong checksum, or lengths that cannot be. */
export class EventStreamError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EventStreamError";
  }
}

/** Total length, length of the headers, checksum of both. */
export const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const STRING_TYPE = 7;
/** Bytes of a header's value by its type; -1: two bytes of length stand before it. */
const VALUE_BYTES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 6: -1, 7: -1, 8: 8, 9: 16 };

/** Reads the total length out of a prelude. Throws `EventStreamError` when its checksum is wrong or no message has that length. */
export function messageLength(bytes: Uint8Array, maxBytes: number): number {
  const view = viewOf(bytes);
  if (view.getUint32(8) !== crc32(bytes.subarray(0, 8))) throw new EventStreamError("wrong checksum of a prelude");
  const length = view.getUint32(0);
  if (length > maxBytes) throw new EventStreamError(`a message of ${length} bytes, the limit is ${maxBytes}`);
  if (length < PRELUDE_BYTES + view.getUint32(4) + CRC_BYTES) throw new EventStreamError("lengths that do not fit");
  return length;
}

/** Reads one whole message, prelude included. Throws `EventStreamError`. */
export function readMessage(bytes: Uint8Array): EventStreamMessage {
  const view = viewOf(bytes);
  const end = bytes.length - CRC_BYTES;
  if (view.getUint32(end) !== crc32(bytes.subarray(0, end))) throw new EventStreamError("wrong checksum of a message");
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  return { headers: readHeaders(bytes.subarray(PRELUDE_BYTES, headersEnd)), payload: bytes.subarray(headersEnd, end) };
}

/** The bytes of one message, all its headers as strings. */
export function writeMessage({ headers, payload }: EventStreamMessage): Uint8Array {
  return joined(writeHeaders(headers), payload);
}

/** Writes messages that share their headers, which are encoded once. */
export function messageWriter(headers: EventStreamMessage["headers"]): (payload: string) => Uint8Array {
  const head = writeHeaders(headers);
  return (payload) => joined(head, Buffer.from(payload));
}

function joined(head: Uint8Array, payload: Uint8Array): Uint8Array {
  const length = PRELUDE_BYTES + head.length + payload.length + CRC_BYTES;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  bytes.set(head, PRELUDE_BYTES);
  bytes.set(payload, PRELUDE_BYTES + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, length - CRC_BYTES)), length - CRC_BYTES);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readHeaders(bytes: Uint8Array): Record<string, string> {
  const headers: Record<string, string> = {};
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd];
    const fixed = VALUE_BYTES[type ?? -1];
    if (fixed === undefined) throw new EventStreamError("a header of an unknown type");
    const start = fixed < 0 ? nameEnd + 3 : nameEnd + 1;
    if (start > bytes.length) throw new EventStreamError("a header that is cut");
    const end = start + (fixed < 0 ? text.readUInt16BE(nameEnd + 1) : fixed);
    if (end > bytes.length) throw new EventStreamError("a header that is cut");
    if (type === STRING_TYPE) headers[text.toString("utf8", at + 1, nameEnd)] = text.toString("utf8", start, end);
    at = end;
  }
  return headers;
}

function writeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const key = Buffer.from(name);
    const text = Buffer.from(value);
    const length = Buffer.allocUnsafe(3);
    length[0] = STRING_TYPE;
    length.writeUInt16BE(text.length, 1);
    return Buffer.concat([Buffer.from([key.length]), key, length, text]);
  });
  return Buffer.concat(parts);
}
