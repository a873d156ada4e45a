import type { ClassifierData } from "../../domain/classify/data.ts";
import { nearestLabel, type LabelledVectors } from "../../domain/classify/vectors.ts";
import type { VectorShelf } from "../../domain/classify/vector-shelf.ts";
import { ClassFailure, type Found, type Inquiry, type RemoteMethod } from "./class-method.ts";
import { embed } from "./embed.ts";

/** Texts whose vectors a thread keeps for all its classifiers: some 6 MB where vectors have 1,536 dimensions. */
const KEPT_TEXTS = 1000;

/** Finds the label whose examples are most like the text. */
export class EmbeddingMethod implements RemoteMethod {
  private readonly data: ClassifierData;
  private examples: { version: number; labels: LabelledVectors | null } = { version: -1, labels: null };

  constructor(data: ClassifierData) {
    this.data = data;
  }

  async ask(inquiry: Inquiry): Promise<Found> {
    const labels = this.labelled(inquiry.context.runtime.vectors);
    if (labels === null) throw new ClassFailure("unasked", "the examples have no vectors yet");
    const { vector, isKept } = await this.vectorOf(inquiry);
    if (!hasDimensions(labels, vector.length))
      throw new ClassFailure("outage", "the vector has other dimensions than the examples");
    const found = nearestLabel(vector, labels, this.data.topK);
    if (found === null) throw new ClassFailure("unasked", "there are no examples");
    return { ...found, source: isKept ? "cache" : "call" };
  }

  private async vectorOf(inquiry: Inquiry): Promise<{ vector: Float32Array; isKept: boolean }> {
    const { context, text } = inquiry;
    // By caller, so that nobody learns by the time that it takes what others asked.
    const key = `${this.data.space}\n${context.caller?.data.id ?? ""}\n${text}`;
    const { texts } = context.runtime;
    const kept = texts.take(key);
    if (kept !== undefined) return { vector: await kept, isKept: true };
    const coming = this.embedText(inquiry);
    texts.put(key, coming, KEPT_TEXTS);
    return { vector: await coming, isKept: false };
  }

  private async embedText({ context, text }: Inquiry): Promise<Float32Array> {
    const { runtime, snapshot, caller } = context;
    const [vector] = await embed({
      runtime,
      snapshot,
      caller,
      model: this.data.model,
      texts: [text],
      timeoutMs: this.data.timeoutMs,
      purpose: `${this.data.name}: vector of a text of ${context.arrival.id}`,
    });
    if (vector === undefined) throw new ClassFailure("outage", "no vector came");
    return vector;
  }

  /** The vectors of all examples; null while some are missing. */
  private labelled(shelf: VectorShelf): LabelledVectors | null {
    if (this.examples.version === shelf.version) return this.examples.labels;
    const labels = new Map<string, Float32Array[]>();
    let isWhole = true;
    for (const { label, key } of this.data.examples) {
      const vector = shelf.get(key);
      if (vector === undefined) isWhole = false;
      else labels.set(label, [...(labels.get(label) ?? []), vector]);
    }
    this.examples = { version: shelf.version, labels: isWhole ? labels : null };
    return this.examples.labels;
  }
}

function hasDimensions(labels: LabelledVectors, dimensions: number): boolean {
  for (const examples of labels.values())
    for (const example of examples) if (example.length !== dimensions) return false;
  return true;
}
