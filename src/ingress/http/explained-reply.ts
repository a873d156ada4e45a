import type { Reply, RequestContext } from "../../pipeline/context.ts";
import { explanationComment, explanationText, takesComments, warnUnexplained } from "../../pipeline/explain.ts";

const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * The reply with the explanation of its route: JSON objects get a field `trunkline` behind their own, which stay byte for
 * byte, events a comment at their end; what has room for neither gets a warning. Streams under way bring their own.
 */
export function explainedReply(context: RequestContext, reply: Reply): Reply {
  const { body, contentType } = reply;
  if (body instanceof ReadableStream) {
    if (!context.isStreaming) warnUnexplained(context);
    return reply;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (takesComments(context, contentType)) return { ...reply, body: joined(bytes, explanationComment(context)) };
  const end = /\bjson\b/.test(contentType) ? endOfObject(bytes) : -1;
  if (end < 0) {
    warnUnexplained(context);
    return reply;
  }
  const field = `"trunkline":${explanationText(context)}}`;
  return { ...reply, body: joined(bytes.subarray(0, end), isEmpty(bytes, end) ? field : `,${field}`) };
}

function joined(start: Uint8Array, rest: string): Uint8Array {
  return Buffer.concat([start, Buffer.from(rest)]);
}

/** Where the brace stands that closes the object that the bytes are; -1: they are no object. */
function endOfObject(bytes: Uint8Array): number {
  const start = bytes.findIndex((byte) => !isSpace(byte));
  const end = bytes.findLastIndex((byte) => !isSpace(byte));
  return bytes[start] === OPEN && bytes[end] === CLOSE && end > start ? end : -1;
}

function isEmpty(bytes: Uint8Array, end: number): boolean {
  let last = end - 1;
  while (isSpace(bytes[last] ?? OPEN)) last -= 1;
  return bytes[last] === OPEN;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
