import type { JsonObject } from "../../../canonical/json.ts";
import { FIM_KEY } from "../../../dialects/openai-completions/wire.ts";
import { posted, type Letter, type Match, type Opened } from "./endpoint.ts";

const SHAPE = { operation: "chat", dialect: "openai-completions" } as const;

/** Mistral's fill-in-the-middle, a text completion with a few words of its own: https://docs.mistral.ai/api/endpoint/fim */
export function fimMatch(method: string, path: string): Match | null {
  if (path !== "/fim/completions") return null;
  return posted(method, { ...SHAPE, pathModel: null, pathStream: false, open: openFim });
}

function openFim({ body, headers }: Letter): Opened {
  const { random_seed: seed, ...rest } = body.json;
  const json: JsonObject = { ...rest, [FIM_KEY]: true };
  if (seed !== undefined) json["seed"] = seed;
  // Only the decoder is to see it.
  return { ...SHAPE, body: { ...body, json, edits: new Map([[FIM_KEY, null]]) }, headers };
}
