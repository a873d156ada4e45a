import { celTypes as t, type CelEnvironment, type CelType } from "../../lib/cel/index.ts";

/** Who a request belongs to, as rules see it; null where it belongs to none. */
export interface RuleParty {
  name: string;
  id: string;
  tags: Record<string, string>;
}

/** How demanding a request is. */
export interface RuleComplexity {
  /** `simple`, `medium`, `complex` or `reasoning`. */
  tier: string;
  /** From 0 to 1. */
  score: number;
}

/** What a classifier found. */
export interface RuleClass {
  label: string;
  /** From 0 to 1. */
  score: number;
}

/** The variables of a rule. Implementations work out each on its first use. */
export interface RuleVariables {
  headers: ReadonlyMap<string, string>;
  params: Record<string, unknown>;
  metadata: Record<string, unknown>;
  model: string;
  provider: string;
  operation: string;
  stream: boolean;
  input_tokens: number;
  has_tools: boolean;
  has_images: boolean;
  virtual_key: RuleParty | null;
  team: RuleParty | null;
  customer: RuleParty | null;
  user: RuleParty | null;
  budget_used: number;
  rate_limit_used: number;
  tokens_used: number;
  health: ReadonlyMap<string, number>;
  /** Null for what is no chat. */
  complexity: RuleComplexity | null;
  /** By the name of the classifier. */
  classes: ReadonlyMap<string, RuleClass>;
  now: Date;
}

const party = (name: string): CelType =>
  t.object(name, { name: t.string, id: t.string, tags: t.map(t.string, t.string) });

const TYPES: Record<keyof RuleVariables, CelType> = {
  headers: t.map(t.string, t.string),
  params: t.map(t.string, t.dyn),
  metadata: t.map(t.string, t.dyn),
  model: t.string,
  provider: t.string,
  operation: t.string,
  stream: t.bool,
  input_tokens: t.int,
  has_tools: t.bool,
  has_images: t.bool,
  virtual_key: party("virtual_key"),
  team: party("team"),
  customer: party("customer"),
  user: party("user"),
  budget_used: t.double,
  rate_limit_used: t.double,
  tokens_used: t.double,
  health: t.map(t.string, t.double),
  complexity: t.object("complexity", { tier: t.string, score: t.double }),
  classes: t.map(t.string, t.object("class", { label: t.string, score: t.double })),
  now: t.timestamp,
};

/** What a rule's condition may use; see `RuleVariables`. Percentages run from 0 to 100 and over. */
export const RULE_ENVIRONMENT: CelEnvironment = { variables: TYPES, result: t.bool };

const { classes: _, ...OTHERS } = TYPES;

/** What a classifier's condition may use: `text` is the last user message, as far as the classifier looks at it. */
export const CLASSIFIER_ENVIRONMENT: CelEnvironment = { variables: { ...OTHERS, text: t.string }, result: t.bool };
