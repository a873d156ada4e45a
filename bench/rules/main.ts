import type { RequestContext } from "../../src/pipeline/context.ts";
import { route } from "../../src/pipeline/stage/route.ts";
import { alignTable } from "../report.ts";
import { BenchGateway } from "./gateway.ts";

/** What is measured, and what it may cost at most. */
interface Line {
  name: string;
  us: number;
  bound: number;
}

const ROUNDS = 25;
const WARM_UP_MS = 200;
const BATCH_MS = 12;

/** Most microseconds of one more rule, and of a whole decision. */
const RULE_US = 0.4;
const DECISION_US = 15;

const BODY = JSON.stringify({
  model: "gpt-4o",
  messages: [{ role: "user", content: "Which of these would you choose, and why? ".repeat(20) }],
  metadata: { job: "live", region: "de" },
  temperature: 0.2,
});
const HEADERS = {
  "content-type": "application/json",
  "user-agent": "bench/1",
  accept: "*/*",
  host: "localhost",
  "x-tier": "standard",
};

/** Conditions that do not hold for the request, by what they look at. */
const KINDS: Readonly<Record<string, (at: number) => string>> = {
  "a header": (at) => `headers["x-tier"] == "tier-${at}"`,
  "an absent header": (at) => `headers["x-region-${at}"] == "eu"`,
  "model and stream": (at) => `model == "model-${at}" && stream`,
  "input tokens": (at) => `input_tokens > ${100_000 + at}`,
  "a budget": (at) => `budget_used > ${80 + at}.0`,
  metadata: (at) => `metadata.job == "job-${at}"`,
  "a time of day": (at) => `now.getHours() == ${(new Date().getUTCHours() + 1 + (at % 22)) % 24}`,
};

const targetsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ provider: `p${at}`, model: "gpt-4o", weight: at + 1 }));

function gatewayWith(rules: readonly object[]): BenchGateway {
  const providers = targetsOf(8).map(({ provider }) => [
    provider,
    { dialect: "openai-chat", base_url: "http://127.0.0.1:9/v1", keyless: true, models: ["gpt-4o"] },
  ]);
  return new BenchGateway({ version: 1, providers: Object.fromEntries(providers), routing: { rules } });
}

const rulesOf = (count: number, when: (at: number) => string): object[] =>
  Array.from({ length: count }, (_, at) => ({ name: `r${at}`, when: when(at), targets: [{ provider: "p0" }] }));

/** CPU microseconds of one decision, of the whole process: what other programs do on the machine is not in it. */
function measure(context: RequestContext, milliseconds: number): number {
  const before = process.cpuUsage();
  const end = performance.now() + milliseconds;
  let count = 0;
  do {
    for (let turn = 0; turn < 50; turn += 1) {
      // Each turn is as a request's own: nothing has been noted, and nobody has looked for its session.
      context.trace = [];
      context.sticky = undefined;
      context.conversation = undefined;
      void route.admit?.(context);
    }
    count += 50;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The figure of each context: medians of rounds in which all of them take turns. */
function figuresOf(contexts: readonly RequestContext[]): number[] {
  for (const context of contexts) measure(context, WARM_UP_MS);
  const rounds = Array.from({ length: ROUNDS }, () => contexts.map((context) => measure(context, BATCH_MS)));
  return contexts.map((_, at) => median(rounds.map((figures) => figures[at] ?? Number.NaN)));
}

function ruleLines(): Line[] {
  const mixed = Object.values(KINDS);
  const kinds = { ...KINDS, "a mix of these": (at: number) => mixed[at % mixed.length]?.(at) ?? "false" };
  return Object.entries(kinds).map(([name, when]) => {
    const contexts = [1, 21].map((count) => gatewayWith(rulesOf(count, when)).request(BODY, HEADERS));
    const [one = Number.NaN, many = Number.NaN] = figuresOf(contexts);
    return { name: `one more rule: ${name}`, us: (many - one) / 20, bound: RULE_US };
  });
}

function decisionLines(): Line[] {
  const mixed = Object.values(KINDS);
  const rules = rulesOf(9, (at) => mixed[at % mixed.length]?.(at) ?? "false");
  const last = { name: "last", when: 'metadata.region == "de"', targets: targetsOf(8), policy: "adaptive" };
  const gateway = gatewayWith([...rules, last]);
  gateway.warm(targetsOf(8).map(({ provider, model }) => `${provider}/${model}`));
  const plain = gatewayWith([]).request(BODY, HEADERS);
  const [whole = Number.NaN, none = Number.NaN] = figuresOf([gateway.request(BODY, HEADERS), plain]);
  return [
    { name: "a decision: 10 rules, 8 targets, adaptive", us: whole, bound: DECISION_US },
    { name: "a decision without rules, 8 providers", us: none, bound: DECISION_US },
  ];
}

const lines = [...ruleLines(), ...decisionLines()];
if (process.argv.includes("--json")) console.log(JSON.stringify(lines, null, 2));
else {
  const rows = lines.map(({ name, us, bound }) => [
    name,
    `${us.toFixed(2)} us`,
    `${us <= bound ? "within" : "ABOVE"} ${bound} us`,
  ]);
  console.log(alignTable([["what", "CPU", "bound"], ...rows], [0, 2]));
}
process.exitCode = lines.every(({ us, bound }) => us <= bound) ? 0 : 1;
