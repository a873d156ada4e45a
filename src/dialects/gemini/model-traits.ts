/** What the request encoder must know of a Gemini model; read off its id, which is all that the wire names. */
export interface ModelTraits {
  /** Major.minor, such as 2.5 or 3; Infinity for ids without a version (`gemini-flash-latest`). */
  generation: number;
  /** Open models served by the same API; they have neither thinking options nor signatures. */
  gemma: boolean;
  /** Pro models cannot stop thinking. */
  pro: boolean;
  lite: boolean;
}

const VERSION = /gemini-(\d+(?:\.\d+)?)/;

/** Reads the traits of a model id, with or without a `models/` prefix. */
export function modelTraits(model: string): ModelTraits {
  const version = VERSION.exec(model)?.[1];
  return {
    generation: version === undefined ? Number.POSITIVE_INFINITY : Number(version),
    gemma: model.includes("gemma"),
    pro: model.includes("-pro"),
    lite: model.includes("-lite"),
  };
}

/** Gemini 3 and later: thinking levels, enforced signatures, media in function responses, tools beside built-in tools. */
export function isGemini3(traits: ModelTraits): boolean {
  return !traits.gemma && traits.generation >= 3;
}
