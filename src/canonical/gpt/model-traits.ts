import type { Effort } from "../request.ts";

/**
 * What a model of OpenAI's accepts, wherever it is served. Sources: the vendor's pages "Reasoning models", "Deployment
 * checklist" and the model pages (developers.openai.com/api/docs, read November 2026), and the API's own errors.
 */
export interface GptTraits {
  /** False: everything that steers reasoning is refused. */
  reasons: boolean;
  /** Accepted efforts, least first. */
  efforts: readonly Effort[];
  /** It does not reason unless it is told to. */
  offByDefault: boolean;
}

const PLAIN: GptTraits = { reasons: false, efforts: [], offByDefault: true };
const O_SERIES: GptTraits = { reasons: true, efforts: ["low", "medium", "high"], offByDefault: false };

/** From this version on, as major × 100 + minor, newest first. */
const FAMILIES: readonly (readonly [from: number, traits: GptTraits])[] = [
  [506, { reasons: true, efforts: ["none", "low", "medium", "high", "xhigh", "max"], offByDefault: false }],
  [505, { reasons: true, efforts: ["none", "low", "medium", "high", "xhigh"], offByDefault: false }],
  [502, { reasons: true, efforts: ["none", "low", "medium", "high", "xhigh"], offByDefault: true }],
  [501, { reasons: true, efforts: ["none", "low", "medium", "high"], offByDefault: true }],
  [500, { reasons: true, efforts: ["minimal", "low", "medium", "high"], offByDefault: false }],
];

/** Variants that take fewer efforts than their family, and always reason. */
const VARIANTS: readonly (readonly [name: RegExp, efforts: readonly Effort[]])[] = [
  [/^gpt-5-pro/, ["high"]],
  [/^gpt-[^/]*-pro/, ["medium", "high", "xhigh"]],
  [/^gpt-5(?:\.1)?-codex(?!-max)/, ["low", "medium", "high"]],
  [/^gpt-[^/]*-codex/, ["low", "medium", "high", "xhigh"]],
];

const WITHOUT_REASONING = /^(?:gpt-[34]|chatgpt-|gpt-5-chat|gpt-audio)/;
/** Their chat variants differ from one to the next. */
const UNCERTAIN = /^gpt-[^/]*-chat/;
const VERSION = /^gpt-(\d+)(?:\.(\d+))?(?!\d)/;

/**
 * The traits of a model id, with or without a host's prefix and that of a fine-tune (`openai/gpt-5.1`, `ft:gpt-4o:…`);
 * undefined for every other name.
 */
export function gptTraits(model: string): GptTraits | undefined {
  const id = model.toLowerCase().replace(/^(?:ft:|[\w.-]+\/)+/, "");
  if (WITHOUT_REASONING.test(id)) return PLAIN;
  if (/^o[134](?:-|$)/.test(id)) return O_SERIES;
  const version = VERSION.exec(id);
  if (version === null || UNCERTAIN.test(id)) return undefined;
  const number = Number(version[1]) * 100 + Number(version[2] ?? 0);
  const family = FAMILIES.find(([from]) => number >= from)?.[1];
  const variant = VARIANTS.find(([name]) => name.test(id))?.[1];
  return family === undefined || variant === undefined ? family : { ...family, efforts: variant, offByDefault: false };
}

/** Whether a model reasons when it is told this, or nothing. */
export function reasonsAt(traits: GptTraits, effort: Effort | undefined): boolean {
  return traits.reasons && (effort === undefined ? !traits.offByDefault : effort !== "none");
}
