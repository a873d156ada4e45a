import { GatewayError } from "../../canonical/errors.ts";
import type { AnyTaskCodec } from "../../canonical/task.ts";
import type { EmbeddingsAnswer, EmbeddingsRequest } from "../../canonical/tasks/embeddings.ts";
import { weighEmbeddings } from "../../canonical/tasks/weigh-embeddings.ts";
import { unitVector } from "../../domain/classify/vectors.ts";
import { run } from "../run.ts";
import { ClassFailure } from "./class-method.ts";
import { beginOwnCall, type OwnCall } from "./own-call.ts";

/** A call for vectors. */
export interface EmbedCall extends Pick<OwnCall, "runtime" | "snapshot" | "caller" | "purpose"> {
  /** `provider/model`. */
  model: string;
  texts: readonly string[];
  timeoutMs: number;
}

/**
 * Vectors of length 1 of texts, in their order. Rejects with a `ClassFailure` when the call fails, takes too long, or does not
 * bring a vector of finite numbers for each.
 */
export async function embed(call: EmbedCall): Promise<Float32Array[]> {
  const taker = new VectorTaker();
  const { provider, model } = call.snapshot.router.resolver.split(call.model);
  if (provider === null) throw new ClassFailure("unasked", `provider of ${call.model} is not configured`);
  const request = requestOf(model, call.texts);
  const context = beginOwnCall({
    ...call,
    operation: "embeddings",
    client: { chat: null, task: taker as unknown as AnyTaskCodec },
    request,
    size: { hasMedia: false, ...weighEmbeddings(request) },
    targets: [{ provider, model }],
  });
  context.limitTime(call.timeoutMs);
  const reply = await run(context);
  if (reply.error !== undefined) throw ClassFailure.of(reply.error);
  return unitVectors(taker.vectors, call.texts.length);
}

function requestOf(model: string, texts: readonly string[]): EmbeddingsRequest {
  const inputs = texts.map((text) => ({ type: "text" as const, text }));
  return {
    model,
    stream: false,
    warnings: [],
    inputs,
    isSingle: texts.length === 1,
    purpose: "classification",
    extensions: {},
  };
}

function unitVectors(vectors: readonly number[][], count: number): Float32Array[] {
  if (vectors.length !== count) throw new ClassFailure("outage", `${vectors.length} vectors came for ${count} texts`);
  return vectors.map((vector) => {
    const unit = unitVector(vector);
    if (unit === null) throw new ClassFailure("outage", "a vector is empty, or holds what is no finite number");
    return unit;
  });
}

/** The client's side of a call for vectors: keeps them instead of writing them. */
class VectorTaker {
  readonly modelInBody = true;
  /** Never relayed: the answer is wanted in the neutral form. */
  readonly relayPath = null;
  vectors: readonly number[][] = [];

  decodeRequest(): never {
    throw new GatewayError("internal_error", "an own call has no wire");
  }

  weigh(request: EmbeddingsRequest) {
    return weighEmbeddings(request);
  }

  encodeResponse({ vectors }: EmbeddingsAnswer) {
    this.vectors = vectors;
    return { contentType: "application/json", body: "" };
  }
}
