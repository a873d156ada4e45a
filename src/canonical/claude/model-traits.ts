import type { ReasoningOptions } from "../request.ts";

export type Effort = NonNullable<ReasoningOptions["effort"]>;

/**
 * What a model accepts. Sources: the vendor's "Thinking", "Effort" and "Structured outputs" pages and its migration guides
 * (platform.claude.com/docs, read November 2026), the error reference of its `claude-api` skill, and the vendor SDK.
 */
export interface ModelTraits {
  /** A model of the vendor's own; servers of other models that speak this dialect are not held to its limits. */
  claude: boolean;
  /** Accepted `thinking.type`: none at all, `enabled` with a budget, `adaptive`, or both. */
  thinking: "none" | "budget" | "adaptive" | "both";
  /** How thinking is switched off: by leaving the field out, by a type of its own, or not at all. */
  off: "omit" | "disabled" | "between_tools" | "never";
  /** Accepted values of `output_config.effort`. */
  efforts: readonly Effort[];
  /** False: `temperature`, `top_p` and `top_k` are refused. */
  sampling: boolean;
  /** False: `temperature` and `top_p` are refused together. */
  bothSampling: boolean;
  /** False: `tool_choice` of type `any` or `tool` is refused. */
  forcedTools: boolean;
  /** False: a conversation may not end with a turn of the assistant. */
  prefill: boolean;
  /** False: `output_config.format` and strict tools are refused. */
  structured: boolean;
  /** True: thinking text comes only when `display` asks for it. */
  hiddenThinking: boolean;
  /** `max_tokens` when neither the caller nor the catalog says anything. */
  maxOutput: number;
}

const UP_TO_HIGH: readonly Effort[] = ["low", "medium", "high"];
const NO_XHIGH: readonly Effort[] = ["low", "medium", "high", "max"];
const ALL: readonly Effort[] = ["low", "medium", "high", "xhigh", "max"];

const PLAIN: ModelTraits = {
  claude: true,
  thinking: "none",
  off: "omit",
  efforts: [],
  sampling: true,
  bothSampling: true,
  forcedTools: true,
  prefill: true,
  structured: false,
  hiddenThinking: false,
  maxOutput: 4096,
};
const CLAUDE_3_7: ModelTraits = { ...PLAIN, thinking: "budget", maxOutput: 32_000 };
const CLAUDE_4_5: ModelTraits = { ...CLAUDE_3_7, structured: true, bothSampling: false, maxOutput: 64_000 };
const CLAUDE_4_6: ModelTraits = { ...CLAUDE_4_5, thinking: "both", efforts: NO_XHIGH, prefill: false };
const CLAUDE_4_7: ModelTraits = {
  ...CLAUDE_4_6,
  thinking: "adaptive",
  efforts: ALL,
  sampling: false,
  hiddenThinking: true,
};
const CLAUDE_5: ModelTraits = { ...CLAUDE_4_7, off: "disabled" };
const ALWAYS_ON: ModelTraits = { ...CLAUDE_5, off: "never" };
const NO_FORCING: ModelTraits = { ...ALWAYS_ON, forcedTools: false };
const OTHER: ModelTraits = { ...PLAIN, claude: false, thinking: "budget", structured: true, maxOutput: 8192 };

interface Row {
  family: string;
  /** First version, as major × 100 + minor. */
  from: number;
  traits: ModelTraits;
}

/** By family, newest version first. */
const ROWS: readonly Row[] = [
  { family: "fable", from: 501, traits: NO_FORCING },
  { family: "fable", from: 0, traits: ALWAYS_ON },
  { family: "mythos", from: 501, traits: NO_FORCING },
  { family: "mythos", from: 500, traits: ALWAYS_ON },
  { family: "mythos", from: 0, traits: { ...ALWAYS_ON, efforts: NO_XHIGH } },
  { family: "opus", from: 505, traits: NO_FORCING },
  { family: "opus", from: 500, traits: CLAUDE_5 },
  { family: "opus", from: 407, traits: CLAUDE_4_7 },
  { family: "opus", from: 406, traits: CLAUDE_4_6 },
  { family: "opus", from: 405, traits: { ...CLAUDE_4_5, efforts: UP_TO_HIGH } },
  { family: "opus", from: 0, traits: CLAUDE_3_7 },
  { family: "sonnet", from: 505, traits: { ...CLAUDE_5, off: "between_tools", forcedTools: false } },
  { family: "sonnet", from: 500, traits: CLAUDE_5 },
  { family: "sonnet", from: 406, traits: CLAUDE_4_6 },
  { family: "sonnet", from: 405, traits: CLAUDE_4_5 },
  { family: "sonnet", from: 0, traits: CLAUDE_3_7 },
  { family: "haiku", from: 505, traits: CLAUDE_5 },
  { family: "haiku", from: 0, traits: CLAUDE_4_5 },
];

const NAMED = /claude-([a-z]+)-(\d+)(?:[.-](\d{1,2}))?(?!\d)/;
/** Version first: all models up to 3.7, and names that some hosts give to later ones. */
const VERSION_FIRST = /claude-v?(\d)(?:[.-](\d{1,2}))?(?!\d)(?:-([a-z]+))?/;

/**
 * The traits of a model id, in any of the forms that hosts give it (`anthropic/claude-opus-4.6`,
 * `us.anthropic.claude-haiku-4-5-20251001-v1:0`, `claude-sonnet-4@20250514`). An unknown Claude counts as one of the
 * current generation.
 */
export function modelTraits(model: string): ModelTraits {
  const id = model.toLowerCase();
  if (!id.includes("claude")) return OTHER;
  const first = VERSION_FIRST.exec(id);
  if (first !== null) return traitsOf(first[3] ?? "", Number(first[1]), Number(first[2] ?? 0));
  const named = NAMED.exec(id);
  if (named !== null) return traitsOf(named[1] ?? "", Number(named[2]), Number(named[3] ?? 0));
  if (id.includes("claude-instant")) return PLAIN;
  return id.includes("mythos") ? traitsOf("mythos", 0, 0) : CLAUDE_5;
}

function traitsOf(family: string, major: number, minor: number): ModelTraits {
  if (major < 4 && family !== "mythos") return major === 3 && minor === 7 ? CLAUDE_3_7 : PLAIN;
  const version = major * 100 + minor;
  return ROWS.find((row) => row.family === family && version >= row.from)?.traits ?? CLAUDE_5;
}
