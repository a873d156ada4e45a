import type { Dialect, Frame, StreamDecoder } from "../../canonical/dialect.ts";
import { valueFrom, type Json } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { AnyTaskCodec } from "../../canonical/task.ts";
import { nestsTooDeep } from "../../lib/json-depth.ts";
import type { RequestContext } from "../context.ts";
import { createFrameParser, type FrameParser } from "../frame-parser.ts";
import { contentLengthOf, isPlausible, noteResponseId } from "../usage.ts";
import type { KnownWire } from "./known-wire.ts";

/** Reads the usage out of an answer that passes by. What cannot be read is counted by estimate. */
export interface AnswerMeter {
  push(chunk: Uint8Array): void;
  end(): void;
}

/** The meter of an answer with this content type; null: nothing in it can be counted. */
export function createMeter(context: RequestContext, known: KnownWire, contentType: string): AnswerMeter {
  const isJson = contentType.includes("json") && !contentType.includes("ndjson");
  const dialect = known.operation === "chat" ? context.runtime.dialects.get(known.wire.dialect) : undefined;
  if (dialect === undefined || isJson) return new WholeMeter(context, known, dialect);
  return new StreamMeter(context, known, dialect);
}

class StreamMeter implements AnswerMeter {
  private readonly context: RequestContext;
  private readonly parser: FrameParser;
  private readonly decoder: StreamDecoder;
  private readonly frames: Frame[] = [];
  private readonly parts: StreamPart[] = [];
  private isLost = false;

  constructor(context: RequestContext, { wire }: KnownWire, dialect: Dialect) {
    this.context = context;
    this.parser = createFrameParser(wire.framing ?? dialect.framing);
    this.decoder = dialect.createStreamDecoder(wire.flags);
  }

  push(chunk: Uint8Array): void {
    if (this.isLost) return;
    this.frames.length = 0;
    try {
      this.parser.push(chunk, this.frames);
    } catch {
      this.isLost = true;
    }
    this.observe();
  }

  end(): void {
    this.frames.length = 0;
    if (this.isLost) return;
    this.parser.end(this.frames);
    this.observe();
  }

  private observe(): void {
    this.parts.length = 0;
    try {
      for (const frame of this.frames) this.decode(frame);
    } catch {
      this.isLost = true;
    }
    for (const part of this.parts) if (part.type !== "error") this.context.observe(part);
  }

  private decode(frame: Frame): void {
    if (nestsTooDeep(frame.data)) throw new Error("an event nests too deep");
    this.decoder.push(frame, this.parts);
  }
}

class WholeMeter implements AnswerMeter {
  private readonly context: RequestContext;
  private readonly known: KnownWire;
  private readonly dialect: Dialect | undefined;
  private readonly chunks: Uint8Array[] = [];
  private left: number;

  constructor(context: RequestContext, known: KnownWire, dialect: Dialect | undefined) {
    this.context = context;
    this.known = known;
    this.dialect = dialect;
    const provider = context.inspected?.provider;
    this.left = provider?.data.network.maxResponseBytes ?? 0;
  }

  push(chunk: Uint8Array): void {
    this.left -= chunk.byteLength;
    if (this.left < 0) this.chunks.length = 0;
    else this.chunks.push(chunk);
  }

  end(): void {
    try {
      this.read(Buffer.concat(this.chunks));
    } catch {
      // Not the answer that the wire promises: the client has it as it is, and it counts by estimate.
      this.context.contentLength = this.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    }
  }

  private read(bytes: Buffer): void {
    const { context, known, dialect } = this;
    const json = (): Json => {
      const value = valueFrom(bytes.toString("utf8"));
      if (value === undefined) throw new Error("it is no JSON that can be read");
      return value;
    };
    if (dialect !== undefined) {
      const response = dialect.decodeResponse(json(), known.wire.flags);
      context.usage = response.usage ?? null;
      context.serviceTier = response.serviceTier ?? null;
      noteResponseId(context, response.id);
      if (!isPlausible(context.usage)) context.contentLength = contentLengthOf(response);
    } else if (known.operation !== "chat") {
      const codec = context.runtime.taskDialects.get(known.wire.dialect)?.tasks[known.operation] as AnyTaskCodec;
      const answer = { contentType: "application/json", bytes, json };
      context.usage = codec.decodeResponse(answer, context.call).usage ?? null;
    }
  }
}
