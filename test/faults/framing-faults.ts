import { crc32 } from "node:zlib";
import type { Framing } from "../../src/canonical/dialect.ts";
import type { ErrorCode } from "../../src/canonical/errors.ts";
import { chunk, jsonAnswer, LAST_CHUNK, streamHead, textAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { untilHead } from "./fault-case.ts";
import { message, type Framed } from "./framed.ts";
import { WIRES } from "./wire.ts";

/** Characters of two and of four bytes. */
const WORDS = ["Grüß ", "dich, ", "\u{1F600} ", "Welt."];
export const TEXT = WORDS.join("");

/** How a provider's stream goes wrong. */
export interface Fault {
  name: string;
  steps: Step[];
  /** Text that a client sees of it. */
  text: string;
  /** Null: it does not spoil the answer. */
  code: ErrorCode | null;
  /** What it sends makes its connection useless. */
  spoils?: boolean;
  stream?: boolean;
  /** The client has the head of its answer. */
  onHead?: () => void;
}

export const eventsOf = (it: Framed, usage: unknown = WIRES[it.dialect].usage): string[] =>
  WIRES[it.dialect].events(WORDS, usage);
const firstOf = (it: Framed): number => eventsOf(it).findIndex((event) => WIRES[it.dialect].isContent(event));

export function streamed(
  it: Framed,
  frames: readonly Uint8Array[],
  end: Step[] = [LAST_CHUNK],
  type = it.contentType,
): Step[] {
  return [{ write: streamHead(type) }, ...frames.map((frame) => chunk(frame)), ...end];
}

/** A good stream with something in the place of what follows its first events, and all the rest behind it. */
function broken(it: Framed, name: string, bytes: Uint8Array): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const first = firstOf(it);
  const fault = (where: string, steps: Step[], at: number, onHead?: () => void): Fault => ({
    name: `${name} ${where}`,
    steps: streamed(it, frames.slice(0, Math.min(at, first + 1)), [
      ...steps,
      { wait: 150 },
      ...frames.slice(at).map((frame) => chunk(frame)),
      LAST_CHUNK,
    ]),
    text: WORDS.slice(0, at - first).join(""),
    code: "provider_protocol_error",
    spoils: true,
    ...(onHead !== undefined && { onHead }),
  });
  const [apart, joined] = [untilHead(), untilHead()];
  const second = frames[first + 1] ?? Buffer.alloc(0);
  return [
    fault("before content", [{ wait: 20 }, chunk(bytes)], first),
    fault("after content", [apart.step, chunk(bytes)], first + 1, apart.onHead),
    fault("in one piece with content", [joined.step, chunk(Buffer.concat([second, bytes]))], first + 2, joined.onHead),
  ];
}

/** The bytes with some of them changed. */
function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** A prelude with a right checksum that tells of such lengths. */
function withLengths(total: number, headers: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** A message whose bytes were changed before its checksum was made. */
function resealed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  return changed(bytes, (copy) => {
    change(copy);
    copy.writeUInt32BE(crc32(copy.subarray(0, copy.length - 4)), copy.length - 4);
  });
}

function binaryFaults(it: Framed): Fault[] {
  const good = it.data("{}");
  return [
    ...broken(
      it,
      "a wrong checksum of a message",
      changed(good, (copy) => (copy[copy.length - 6]! ^= 1)),
    ),
    ...broken(
      it,
      "a wrong checksum of a prelude",
      changed(good, (copy) => (copy[9]! ^= 1)),
    ),
    ...broken(it, "a message shorter than its headers", withLengths(20, 100)),
    ...broken(it, "a message of no length", withLengths(0, 0)),
    ...broken(it, "a message of two gigabytes", withLengths(2 ** 31, 16)),
    ...broken(
      it,
      "a header of an unknown type",
      resealed(good, (copy) => (copy[12 + 1 + copy[12]!] = 77)),
    ),
    ...broken(
      it,
      "a header that is cut",
      resealed(good, (copy) => copy.writeUInt16BE(60_000, 12 + 2 + copy[12]!)),
    ),
    ...broken(it, "server-sent events", Buffer.from("event: ping\ndata: {}\n\n")),
  ];
}

/** The envelope around each event. */
function chunkFaults(it: Framed): Fault[] {
  return [
    ...broken(it, "a chunk that is no JSON", message("chunk", "{oops")),
    ...broken(it, "a chunk without bytes", message("chunk", '{"p":"abc"}')),
    ...broken(it, "a chunk whose bytes are a number", message("chunk", '{"bytes":5}')),
    ...broken(it, "a chunk that is null", message("chunk", "null")),
    ...broken(it, "a chunk of what is no base64", message("chunk", '{"bytes":"!!!!"}')),
  ];
}

const SPECIFIC: Readonly<Record<Framing, (it: Framed) => Fault[]>> = {
  sse: () => [],
  ndjson: () => [],
  eventstream: binaryFaults,
  "eventstream-chunks": (it) => [...binaryFaults(it), ...chunkFaults(it)],
};

/** What ends too early. */
function cuts(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const first = firstOf(it);
  const second = frames[first + 1] ?? Buffer.alloc(0);
  const emoji = Buffer.from(WORDS[2] ?? "");
  const third = frames[first + 2] ?? Buffer.alloc(0);
  const middle = third.includes(emoji) ? third.indexOf(emoji) + 2 : Math.floor(third.length / 2);
  const truncated = (name: string, sent: readonly Uint8Array[], text: string, end: Step[] = [LAST_CHUNK]): Fault => {
    const head = untilHead();
    return {
      name,
      steps: streamed(it, sent.slice(0, first + 1), [
        ...(text === "" ? [] : [head.step]),
        ...sent.slice(first + 1).map((each) => chunk(each)),
        ...end,
      ]),
      onHead: head.onHead,
      text,
      code: "upstream_truncated",
    };
  };
  const said = frames.slice(0, first + 2);
  // A text framing hands on what it has of the last event, which then is no JSON; a message of a binary one is not there.
  const isText = !it.framing.startsWith("eventstream");
  const half: { code: ErrorCode } = { code: isText ? "provider_protocol_error" : "upstream_truncated" };
  const [one = "", two = ""] = WORDS;
  return [
    truncated("nothing at all", [], ""),
    {
      ...truncated(
        "an event cut in the middle, and a proper end",
        [...frames.slice(0, first + 1), second.subarray(0, second.length >> 1)],
        one,
      ),
      ...half,
    },
    { ...truncated("half a character, and a proper end", [...said, third.subarray(0, middle)], one + two), ...half },
    truncated("half a character, and the connection is gone", [...said, third.subarray(0, middle)], one + two, [
      { wait: 30 },
      { cut: "fin" },
    ]),
    truncated("nothing after the first content", frames.slice(0, first + 1), one),
    // Ollama's last line has both the reason to end and the mark; the text of the line before goes with it.
    truncated("no terminal mark", frames.slice(0, -2), it.framing === "ndjson" ? WORDS.slice(0, -1).join("") : TEXT),
  ];
}

/** Answers of another kind than was asked for. */
function otherKinds(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const whole = WIRES[it.dialect].whole(TEXT, WIRES[it.dialect].usage);
  const isBinary = it.framing.startsWith("eventstream");
  const protocol = { text: "", code: "provider_protocol_error" as const };
  const fine = { text: TEXT, code: null };
  const bytes = Buffer.concat(frames);
  return [
    {
      name: "HTML called a stream",
      steps: textAnswer("<!doctype html><p>It works.", it.contentType),
      ...(it.framing === "sse" ? { text: "", code: "upstream_truncated" as const } : protocol),
    },
    {
      name: "a stream called HTML",
      steps: streamed(it, frames, undefined, "text/html"),
      ...(isBinary || it.framing === "ndjson" ? protocol : fine),
      ...(it.framing === "ndjson" && fine),
    },
    {
      name: "a stream called JSON",
      steps: streamed(it, frames, undefined, "application/json"),
      ...(isBinary ? protocol : fine),
    },
    {
      name: "a stream of no type",
      steps: [
        { write: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" },
        ...frames.map((frame) => chunk(frame)),
        LAST_CHUNK,
      ],
      ...fine,
    },
    { name: "a whole answer to a stream request", steps: jsonAnswer(whole), ...fine },
    { name: "JSON that is no answer to a stream request", steps: jsonAnswer({ hello: "world" }), ...protocol },
    {
      name: "a stream to a request for a whole answer",
      steps: textAnswer(bytes.toString("latin1"), it.contentType),
      stream: false,
      ...protocol,
    },
  ];
}

/** What does not spoil an answer. */
function harmless(it: Framed): Fault[] {
  const frames = eventsOf(it).map((event) => it.frame(event));
  const bytes = Buffer.concat(frames);
  const fine = { text: TEXT, code: null };
  const every = (size: number): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  return [
    { name: "all in one chunk", steps: streamed(it, [bytes]), ...fine },
    { name: "a byte at a time", steps: streamed(it, every(1)), ...fine },
    { name: "seven bytes at a time", steps: streamed(it, every(7)), ...fine },
    {
      name: "no usage",
      steps: streamed(
        it,
        eventsOf(it, null).map((event) => it.frame(event)),
      ),
      ...fine,
    },
  ];
}

export const faultsOf = (it: Framed): Fault[] => [
  ...broken(it, "data that is no JSON", it.data("{oops")),
  ...broken(it, "data that is a list", it.data("[1]")),
  ...SPECIFIC[it.framing](it),
  ...cuts(it),
  ...otherKinds(it),
  ...harmless(it),
];
