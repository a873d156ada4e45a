import type { Extensions } from "../../../canonical/content.ts";
import type { JsonObject } from "../../../canonical/json.ts";
import { DIALECT } from "../wire.ts";

/** The bodies that InvokeModel has for models that embed: Amazon Titan, Cohere Embed. */
export type EmbedFamily = "titan" | "cohere";

const FAMILY = Symbol("family of a body of embeddings");

interface Shaped extends Extensions {
  [FAMILY]?: EmbedFamily;
}

/** Extensions of a decoded request; its answer is of the same family. */
export function embedExtensions(fields: JsonObject, family: EmbedFamily): Extensions {
  const made: Shaped = { [DIALECT]: fields };
  made[FAMILY] = family;
  return made;
}

/** The family of a request that came in this dialect; undefined for all others. */
export function embedFamilyOf(extensions: Extensions): EmbedFamily | undefined {
  const shaped: Shaped = extensions;
  return shaped[FAMILY];
}

/** The family that a model id names; undefined: none. */
export function embedFamilyOfModel(model: string): EmbedFamily | undefined {
  if (model.includes("titan-embed")) return "titan";
  return model.includes("cohere.embed") ? "cohere" : undefined;
}
