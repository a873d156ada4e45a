/**
 * What the request encoder must know of a Gemini model; read off its id, which is all that the wire names.
 * Prefill ended with 3.6 Flash and 3.5 Flash-Lite (https://ai.google.dev/gemini-api/docs/generate-content/whats-new-gemini-3.6).
 */
export interface ModelTraits {
  /** Major.minor, such as 2.5 or 3; Infinity for ids without a version (`gemini-flash-latest`). */
  generation: number;
  /** Open models served by the same API; they have neither thinking options nor signatures. */
  gemma: boolean;
  /** Pro models cannot stop thinking. */
  pro: boolean;
  lite: boolean;
  /** Refuses system instructions: "Developer instruction is not enabled for models/gemma-3-27b-it". */
  noSystem: boolean;
  /** Makes images; since Gemini 3 such a model wants each image and text of its own back with a signature. */
  image: boolean;
  /** A conversation may end with what the model is to go on with. */
  prefill: boolean;
}

const VERSION = /gemini-(\d+(?:\.\d+)?)/;

/** Reads the traits of a model id, with or without a `models/` prefix. */
export function modelTraits(model: string): ModelTraits {
  const version = VERSION.exec(model)?.[1];
  const generation = version === undefined ? Number.POSITIVE_INFINITY : Number(version);
  const gemma = model.includes("gemma");
  const lite = model.includes("-lite");
  return {
    generation,
    gemma,
    pro: model.includes("-pro"),
    lite,
    noSystem: /gemma-3/.test(model),
    image: model.includes("-image"),
    prefill: gemma || generation < (lite ? 3.5 : 3.6),
  };
}

/** Gemini 3 and later: thinking levels, enforced signatures, media in function responses, tools beside built-in tools. */
export function isGemini3(traits: ModelTraits): boolean {
  return !traits.gemma && traits.generation >= 3;
}
