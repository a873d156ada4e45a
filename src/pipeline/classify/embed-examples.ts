import type { Runtime } from "../runtime.ts";
import type { Snapshot } from "../snapshot.ts";
import { ClassFailure } from "./class-method.ts";
import { embed } from "./embed.ts";

/** Nobody waits for examples. */
const TIMEOUT_MS = 30_000;

/** Texts to embed, and what their vectors are kept under. */
export interface ExampleOrder {
  model: string;
  texts: readonly { key: string; text: string }[];
}

/** Has examples embedded, on nobody's account. Never rejects. */
export async function embedExamples(
  runtime: Runtime,
  snapshot: Snapshot,
  { model, texts }: ExampleOrder,
): Promise<{ entries: [string, Float32Array][]; failure: string | null }> {
  try {
    const vectors = await embed({
      runtime,
      snapshot,
      caller: null,
      model,
      texts: texts.map(({ text }) => text),
      timeoutMs: TIMEOUT_MS,
      purpose: `vectors of ${texts.length} examples`,
    });
    return { entries: texts.map(({ key }, at) => [key, vectors[at] ?? new Float32Array()]), failure: null };
  } catch (error) {
    if (!(error instanceof ClassFailure)) runtime.report(error);
    return { entries: [], failure: error instanceof Error ? error.message : String(error) };
  }
}
