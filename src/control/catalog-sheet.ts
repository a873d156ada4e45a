import { decodeLitellm, type FactsData } from "../domain/catalog/index.ts";
import type { Config } from "../domain/config/index.ts";
import { readBoundedText } from "../lib/bounded-text.ts";

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Fewer models than this are a broken sheet, not a small one. */
const LEAST_MODELS = 20;

/** How many models a sheet tells of. */
export function countModels({ providers }: FactsData): number {
  return Object.values(providers).reduce((sum, rows) => sum + rows.length, 0);
}

/**
 * Reads the data sheet that the configuration names; null when it names none. Throws with what is wrong with it: one that
 * shrank to less than half of `before` models is taken for broken, and the last good one stays.
 */
export async function readCatalogSheet(catalog: Config["catalog"], before: number): Promise<FactsData | null> {
  const source = catalog.url ?? catalog.file;
  if (source === undefined) return null;
  const text = catalog.url === undefined ? await readFile(source) : await fetchText(source);
  const facts = decodeLitellm(JSON.parse(text), source, new Date().toISOString());
  const count = countModels(facts);
  if (count < LEAST_MODELS) throw new Error(`it tells of ${count} models, too few to be whole`);
  if (count < before / 2) throw new Error(`it tells of ${count} models, the one before of ${before}: taken for broken`);
  return facts;
}

async function readFile(path: string): Promise<string> {
  const file = Bun.file(path);
  if (file.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  return file.text();
}

async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "follow" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return readBoundedText(answer, MAX_BYTES);
}
