import type { ReplyContext, StreamEncoder } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { FinishReason } from "../../canonical/response.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { emptyUsage, type Usage } from "../../canonical/usage.ts";
import { sseEvent } from "../../lib/sse-write.ts";
import { replyFamily } from "./encode-response.ts";
import { encodeError } from "./errors.ts";
import { encodeReason, type Family } from "./family.ts";
import { encodeMetrics } from "./usage.ts";
import { METRICS } from "./wire.ts";

interface Ending {
  reason: string;
  usage: Usage;
  id: string;
}

interface Chunks {
  text(text: string, index: number): JsonObject;
  last(ending: Ending): JsonObject;
}

/** Chunks as each family writes them. */
const CHUNKS: Readonly<Record<Family, Chunks>> = {
  titan: {
    text: (outputText, index) => ({
      outputText,
      index,
      totalOutputTextTokenCount: null,
      completionReason: null,
      inputTextTokenCount: null,
    }),
    last: ({ reason, usage }) => ({
      outputText: "",
      index: 0,
      totalOutputTextTokenCount: usage.outputTokens,
      completionReason: reason,
      inputTextTokenCount: usage.inputTokens,
    }),
  },
  llama: {
    text: (generation) => ({ generation, prompt_token_count: null, generation_token_count: null, stop_reason: null }),
    last: ({ reason, usage }) => ({
      generation: "",
      prompt_token_count: usage.inputTokens,
      generation_token_count: usage.outputTokens,
      stop_reason: reason,
    }),
  },
  mistral: {
    text: (text) => ({ outputs: [{ text, stop_reason: null }] }),
    last: ({ reason }) => ({ outputs: [{ text: "", stop_reason: reason }] }),
  },
  command: {
    text: (text, index) => ({ index, text, is_finished: false }),
    last: ({ reason }) => ({ index: 0, is_finished: true, finish_reason: reason }),
  },
  "command-r": {
    text: (text) => ({ is_finished: false, event_type: "text-generation", text }),
    last: ({ reason, id }) => ({
      is_finished: true,
      event_type: "stream-end",
      finish_reason: reason,
      response: { response_id: id, generation_id: id, finish_reason: reason },
    }),
  },
};

/**
 * Encodes parts as the chunks of a family, each as the data of an event; the framing of InvokeModel wraps them. The last one
 * has the counts of Bedrock beside the reason.
 */
export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  return new Encoder(replyFamily(reply), reply.requestId);
}

class Encoder implements StreamEncoder {
  private readonly family: Family;
  private id: string;
  private usage: Usage = emptyUsage();
  private reason: FinishReason = "stop";
  private raw: string | undefined;
  private readonly candidates = new Map<number, number>();

  constructor(family: Family, id: string) {
    this.family = family;
    this.id = id;
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case "start":
        if (part.id !== "") this.id = part.id;
        return "";
      case "item_start":
        this.candidates.set(part.index, part.candidate);
        return "";
      case "text_delta":
      case "refusal_delta":
        return this.text(part.text, this.candidates.get(part.index) ?? 0);
      case "usage":
        this.usage = part.usage;
        return "";
      case "finish":
        if (part.candidate === 0) {
          this.reason = part.reason;
          this.raw = part.raw;
        }
        return "";
      case "end":
        return this.last();
      case "error":
        return event(encodeError(part.error).body);
      default:
        return "";
    }
  }

  /** Families without numbers have one answer. */
  private text(text: string, candidate: number): string {
    const isNumbered = this.family === "titan" || this.family === "command";
    if (text === "" || (candidate > 0 && !isNumbered)) return "";
    return event(CHUNKS[this.family].text(text, candidate));
  }

  private last(): string {
    const { family, usage, id } = this;
    const reason = encodeReason(family, this.reason, this.raw);
    return event({ ...CHUNKS[family].last({ reason, usage, id }), [METRICS]: encodeMetrics(usage) });
  }
}

function event(body: JsonObject): string {
  return sseEvent("", JSON.stringify(body));
}
