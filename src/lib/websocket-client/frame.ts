import { randomFillSync } from "node:crypto";

/** Operation codes of frames (RFC 6455, section 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Close codes that an endpoint may put into a frame (RFC 6455, section 7.4). */
export function isSendableCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

const FIN = 0x80;
const MASKED = 0x80;
const LONG = 126;
const LONGEST = 127;
const MASK_BYTES = 4;

const MASKS = new Uint8Array(4096);
let used = MASKS.length;

/** One final frame from client to server, masked. */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < LONG ? 0 : length <= 0xffff ? 2 : 8;
  const start = 2 + lengthBytes + MASK_BYTES;
  const frame = new Uint8Array(start + length);
  frame[0] = FIN | opcode;
  writeLength(frame, length, lengthBytes);
  const mask = nextMask();
  frame.set(mask, start - MASK_BYTES);
  applyMask(frame, start, payload, mask);
  return frame;
}

function writeLength(frame: Uint8Array, length: number, lengthBytes: number): void {
  if (lengthBytes === 0) {
    frame[1] = MASKED | length;
    return;
  }
  const view = new DataView(frame.buffer);
  frame[1] = MASKED | (lengthBytes === 2 ? LONG : LONGEST);
  if (lengthBytes === 2) view.setUint16(2, length);
  else view.setBigUint64(2, BigInt(length));
}

/** Fresh for each frame (RFC 6455, section 5.3); from a pool, so that one system call serves a thousand. */
function nextMask(): Uint8Array {
  if (used + MASK_BYTES > MASKS.length) {
    randomFillSync(MASKS);
    used = 0;
  }
  used += MASK_BYTES;
  return MASKS.subarray(used - MASK_BYTES, used);
}

function applyMask(frame: Uint8Array, start: number, payload: Uint8Array, mask: Uint8Array): void {
  const [one = 0, two = 0, three = 0, four = 0] = mask;
  const { length } = payload;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    frame[start + at] = (payload[at] ?? 0) ^ one;
    frame[start + at + 1] = (payload[at + 1] ?? 0) ^ two;
    frame[start + at + 2] = (payload[at + 2] ?? 0) ^ three;
    frame[start + at + 3] = (payload[at + 3] ?? 0) ^ four;
  }
  for (let at = whole; at < length; at += 1) frame[start + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
}

/** The payload of a close frame; without a code it is empty. */
export function encodeClose(code: number | null, reason: string): Uint8Array {
  if (code === null) return new Uint8Array(0);
  const text = Buffer.from(cutReason(reason));
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return payload;
}

const MAX_REASON_BYTES = 123;

/** A reason as long as a close frame can hold, cut between characters. */
export function cutReason(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  let end = MAX_REASON_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
