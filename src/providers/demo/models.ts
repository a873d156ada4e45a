import type { FaultName } from "./faults.ts";

/** How a simulated model behaves when a request does not say otherwise. */
export interface DemoModel {
  id: string;
  /** What it is for, in a few words. */
  about: string;
  /** To the first word, milliseconds. */
  latencyMs: number;
  tokensPerSecond: number;
  /** Number of sentences of an answer. */
  sentences: number;
  reasons?: boolean;
  /** Calls a tool without being forced to. */
  callsTools?: boolean;
  /** Answers in JSON also when not asked to. */
  writesJson?: boolean;
  /** Fails like this every `everyCall` calls. */
  fault?: { name: FaultName; everyCall: number };
}

/** All simulated models. */
export const DEMO_MODELS: readonly DemoModel[] = [
  { id: "demo-fast", about: "short answers at once", latencyMs: 20, tokensPerSecond: 400, sentences: 2 },
  { id: "demo-smart", about: "longer answers, slower", latencyMs: 300, tokensPerSecond: 100, sentences: 8 },
  {
    id: "demo-reasoner",
    about: "thinks aloud first",
    latencyMs: 150,
    tokensPerSecond: 150,
    sentences: 4,
    reasons: true,
  },
  {
    id: "demo-tools",
    about: "calls the first tool",
    latencyMs: 50,
    tokensPerSecond: 300,
    sentences: 2,
    callsTools: true,
  },
  { id: "demo-json", about: "answers in JSON", latencyMs: 50, tokensPerSecond: 300, sentences: 2, writesJson: true },
  { id: "demo-vision", about: "says which media it got", latencyMs: 80, tokensPerSecond: 200, sentences: 1 },
  { id: "demo-slow", about: "takes its time", latencyMs: 3000, tokensPerSecond: 8, sentences: 3 },
  failing("demo-flaky", "fails every third call", "500", 3),
  failing("demo-error-500", "always fails with 500", "500"),
  failing("demo-error-429", "always fails with 429", "429"),
  failing("demo-error-401", "always fails with 401", "401"),
  failing("demo-cut", "breaks off midway", "cut"),
  failing("demo-stall", "falls silent midway", "stall"),
];

function failing(id: string, about: string, name: FaultName, everyCall = 1): DemoModel {
  return { id, about, latencyMs: 20, tokensPerSecond: 400, sentences: 2, fault: { name, everyCall } };
}

/** The one that makes vectors. */
export const DEMO_EMBEDDER = "demo-embed";

/** Invented prices, US dollars per million tokens, by model id: so that budgets and costs can be tried. */
export const DEMO_PRICES: Readonly<Record<string, { input: number; output: number }>> = {
  ...Object.fromEntries(
    DEMO_MODELS.map(({ id }) => [
      id,
      id === "demo-smart" || id === "demo-reasoner" ? { input: 3, output: 15 } : { input: 0.5, output: 2 },
    ]),
  ),
  [DEMO_EMBEDDER]: { input: 0.02, output: 0 },
};
