import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { startGateway } from "../gateway/start.ts";
import type { Manner } from "./mock.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  await examplesEmbedded(scene);
}, 30_000);
afterAll(() => scene.stop());
beforeEach(() => {
  scene.mock.manner = "good";
});

/** Asks until the classifier of examples has its vectors. */
async function examplesEmbedded({ ask, mock }: Scene): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    if (mock.embedded.length > 0 && (await ask("coder", `python ${round}`)).model === "coder") return;
    await Bun.sleep(25);
  }
  throw new Error("the examples were not embedded");
}

async function recordOf(find: (record: RequestRecord) => boolean): Promise<RequestRecord> {
  for (let round = 0; round < 200; round += 1) {
    const found = (await scene.gateway.records()).find(find);
    if (found !== undefined) return found;
    await Bun.sleep(25);
  }
  throw new Error("there is no such record");
}

/** The newest record of a caller's chats. */
async function lastChat(key: string, count: number): Promise<RequestRecord> {
  for (let round = 0; round < 200; round += 1) {
    const records = await scene.gateway.records();
    const own = records.filter((record) => record.virtual_key === key && record.requested_model === "mock/usual");
    const last = own.at(-1);
    if (last !== undefined && own.length >= count) return last;
    await Bun.sleep(25);
  }
  throw new Error(`there are not ${count} records of ${key}`);
}

describe("examples", () => {
  test("the label of the nearest examples decides", async () => {
    expect((await scene.ask("coder", "my python function has a bug")).model).toBe("coder");
    expect((await scene.ask("coder", "i was charged twice, billing is wrong")).model).toBe("biller");
    expect((await scene.ask("coder", "good morning")).model).toBe("usual");
  });

  test("a text that was asked about lately costs no call", async () => {
    await scene.ask("coder", "the stack of this function");
    const calls = scene.mock.embedded.length;
    // Two threads, each with texts of its own.
    for (let round = 0; round < 12; round += 1)
      expect((await scene.ask("coder", "the stack of this function")).model).toBe("coder");
    expect(scene.mock.embedded.length - calls).toBeLessThanOrEqual(1);
  });

  test("a rule that decides before it saves the call", async () => {
    const calls = scene.mock.embedded.length;
    const answer = await scene.ask("coder", "a python bug nobody saw", {}, { "x-tier": "premium" });
    expect(answer.model).toBe("premium");
    expect(scene.mock.embedded.length).toBe(calls);
  });

  test("callers without such rules pay nothing", async () => {
    const calls = scene.mock.embedded.length + scene.mock.asked.length;
    expect((await scene.ask("plain", "my python function has another bug")).model).toBe("usual");
    expect(scene.mock.embedded.length + scene.mock.asked.length).toBe(calls);
    const record = await recordOf(({ virtual_key: key }) => key === "plain");
    expect(record.classifications).toBeUndefined();
    expect(record.trace).toEqual([]);
  });

  test("the call has a record of its own, charged to the caller, whatever models that may use", async () => {
    const record = await recordOf(({ operation, virtual_key: key }) => operation === "embeddings" && key === "coder");
    expect({ outcome: record.outcome, model: record.model, tokens: record.input_tokens }).toEqual({
      outcome: "success",
      model: "embedder",
      tokens: 7,
    });
    expect(record.trace[0]?.result).toContain("intent: vector of a text of req_");
    expect(record.charges.map(({ counter }) => counter)).toEqual(["usd:virtual_key:coder:1d"]);
  });

  test("text of parts, and the last user message of several, is what counts", async () => {
    const parts = [
      { type: "text", text: "look:" },
      { type: "text", text: "python bug" },
    ];
    expect((await scene.ask("coder", parts)).model).toBe("coder");
    const messages = [
      { role: "user", content: "python bug function" },
      { role: "assistant", content: "ok" },
      { role: "user", content: "now a refund, the invoice is wrong" },
      { role: "assistant", content: "python" },
    ];
    expect((await scene.ask("coder", "", { messages })).model).toBe("biller");
  });
});

describe("failures find the default and never fail the call", () => {
  const MANNERS: Manner[] = ["stall", "dimensions", "nan", "zero", "html", "error", "cut"];
  test.each(MANNERS)(
    "examples: %s",
    async (manner) => {
      scene.mock.manner = manner;
      const answer = await scene.ask("coder", `python function ${manner}`);
      expect(answer).toMatchObject({ status: 200, model: "usual" });
      expect(scene.mock.embedded).toContainEqual([`python function ${manner}`]);
      scene.mock.manner = "good";
      await recovered(manner);
    },
    20_000,
  );

  /** So that the next case meets a closed breaker. */
  async function recovered(manner: Manner): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      const next = await scene.ask("coder", `python function after ${manner} ${round}`);
      if (next.model === "coder" && round > 4) return;
      await Bun.sleep(50);
    }
    throw new Error(`after ${manner} the examples were not asked about again`);
  }

  test("texts that are refused do not stop it for others", async () => {
    scene.mock.manner = "refuse";
    for (let round = 0; round < 16; round += 1)
      expect((await scene.ask("coder", `refused python ${round}`)).model).toBe("usual");
    scene.mock.manner = "good";
    for (let round = 0; round < 4; round += 1)
      expect((await scene.ask("coder", `python after refusals ${round}`)).model).toBe("coder");
  });

  test("the record says why", async () => {
    const record = await recordOf(({ classifications = [] }) =>
      classifications.some(({ source }) => source === "failure"),
    );
    const failed = record.classifications?.find(({ source }) => source === "failure");
    expect(failed).toMatchObject({ classifier: "intent", label: "other", score: 0, shadow: false });
    expect(record.trace.some(({ step, result }) => step === "classifier" && result.startsWith("intent: other"))).toBe(
      true,
    );
  });
});

describe("endpoint", () => {
  test("is sent the text and what belongs to it, and its label decides", async () => {
    const answer = await scene.ask("risky", "launch it", { metadata: { ticket: "7" } }, { "x-session-id": "r1" });
    expect(answer.model).toBe("safe");
    const asked = scene.mock.asked.at(-1);
    expect(asked?.path).toBe("/classify?v=1");
    expect(asked?.headers["authorization"]).toBe("token-of-the-classifier");
    expect(asked?.json).toEqual({
      classifier: "risk",
      labels: ["high", "low", "unknown"],
      text: "launch it",
      model: "mock/usual",
      operation: "chat",
      metadata: { ticket: "7" },
    });
  });

  test("sticky: the session keeps its label without another call, others are asked about", async () => {
    const calls = scene.mock.asked.length;
    for (let round = 0; round < 6; round += 1)
      expect((await scene.ask("risky", "now something else", {}, { "x-session-id": "r1" })).model).toBe("safe");
    expect(scene.mock.asked.length).toBe(calls);
    expect((await scene.ask("risky", "now something else", {}, { "x-session-id": "r2" })).model).toBe("usual");
    expect(scene.mock.asked.length).toBe(calls + 1);
    const record = await recordOf(({ classifications = [] }) =>
      classifications.some(({ source }) => source === "memory"),
    );
    expect(record.classifications?.[0]).toMatchObject({ classifier: "risk", label: "high", score: 0.9 });
  });

  test.each<Manner>(["stall", "html", "error", "cut", "foreign", "score"])("%s: the default", async (manner) => {
    const calls = scene.mock.asked.length;
    scene.mock.manner = manner;
    const answer = await scene.ask("risky", "launch", {}, { "x-session-id": `fails ${manner}` });
    expect(answer).toMatchObject({ status: 200, model: "careful" });
    // One that is cut off may be sent again over a fresh connection.
    expect(scene.mock.asked.length).toBeGreaterThan(calls);
  });

  test("metadata beyond measure is left out", async () => {
    const answer = await scene.ask(
      "risky",
      "launch",
      { metadata: { long: "x".repeat(20_000) } },
      { "x-session-id": "m" },
    );
    expect(answer.model).toBe("safe");
    expect(Object.keys(scene.mock.asked.at(-1)?.json ?? {})).not.toContain("metadata");
  });

  test("after many failures it is not asked any more", async () => {
    scene.mock.manner = "error";
    for (let round = 0; round < 24; round += 1) await scene.ask("risky", "launch", {}, { "x-session-id": `b${round}` });
    const calls = scene.mock.asked.length;
    const begun = performance.now();
    for (let round = 0; round < 6; round += 1)
      expect((await scene.ask("risky", "launch", {}, { "x-session-id": `c${round}` })).model).toBe("careful");
    // A probe of each thread may be due, and another after each second.
    const seconds = Math.floor((performance.now() - begun) / 1000);
    expect(scene.mock.asked.length - calls).toBeLessThanOrEqual(2 * (1 + seconds));
  });

  test("is not asked where its condition does not hold", async () => {
    const calls = scene.mock.asked.length;
    expect((await scene.ask("gated", "launch", { metadata: { region: "eu" } })).model).toBe("usual");
    expect((await scene.ask("gated", "launch")).model).toBe("usual");
    expect(scene.mock.asked.length).toBe(calls);
    expect((await scene.ask("gated", "launch", { metadata: { region: "us" } })).model).toBe("safe");
    expect(scene.mock.asked.at(-1)?.path).toBe("/classify/eu");
  });

  test("a client that goes away ends the wait", async () => {
    scene.mock.manner = "stall";
    const left = fetch(`${scene.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-tl-gated-0123456789abcdef0123456789" },
      body: JSON.stringify({
        model: "mock/usual",
        metadata: { region: "us", gone: "yes" },
        messages: [{ role: "user", content: "launch and leave" }],
      }),
      signal: AbortSignal.timeout(100),
    });
    expect(await left.catch(() => "gone")).toBe("gone");
    const record = await recordOf(({ outcome }) => outcome === "client_aborted");
    expect(record.attempts).toEqual([]);
  });
});

describe("model", () => {
  test("chooses one of the labels, in structured output", async () => {
    expect((await scene.ask("writer", "a sonnet about brass")).model).toBe("poet");
    expect((await scene.ask("writer", "a report about brass")).model).toBe("usual");
    const asked = scene.mock.labelled[0]?.json;
    expect(JSON.stringify(asked?.["response_format"])).toContain('"enum":["poem","prose","other"]');
    expect(JSON.stringify(asked?.["messages"])).toContain("- poem: verse of any kind");
    const record = await recordOf(({ model }) => model === "judge");
    expect({ operation: record.operation, key: record.virtual_key }).toEqual({ operation: "chat", key: "writer" });
  });

  test("one that chooses none finds the default", async () => {
    scene.mock.manner = "foreign";
    expect((await scene.ask("writer", "another sonnet")).model).toBe("usual");
  });
});

test("rules: words, patterns and conditions", async () => {
  expect((await scene.ask("ruled", "this is UNACCEPTABLE service")).model).toBe("patient");
  expect((await scene.ask("ruled", "HELLO IS ANYBODY THERE!!")).model).toBe("quiet");
  expect((await scene.ask("ruled", "how are you")).model).toBe("usual");
});

test("shadow: it runs beside the call, rules see the default, the record has what it found", async () => {
  const answer = await scene.ask("gated", "launch in the shadow", { metadata: { region: "eu" } }, { "x-try": "yes" });
  expect(answer.model).toBe("usual");
  const record = await recordOf(({ classifications = [] }) => classifications.some(({ shadow }) => shadow));
  expect(record.classifications).toMatchObject([{ classifier: "tried", label: "high", source: "call", shadow: true }]);
});

test("in a chain, a classifier that only the next round wants is asked then", async () => {
  scene.mock.manner = "good";
  for (let round = 0; round < 40; round += 1) {
    const answer = await scene.ask("chained", "launch the python function", {}, { "x-session-id": `chain ${round}` });
    if (answer.model === "safe") return;
    // The breaker of an earlier test may still be open.
    await Bun.sleep(100);
  }
  throw new Error("the chain never reached its end");
}, 20_000);

describe("complexity", () => {
  const PROOF = "Prove by induction that the sum of the first n odd numbers is n^2.";

  test("its tier decides", async () => {
    expect((await scene.ask("thinker", PROOF)).model).toBe("deep");
    expect((await scene.ask("thinker", "What is the capital of France?")).model).toBe("small");
    const record = await lastChat("thinker", 2);
    expect(record.classifications).toMatchObject([{ classifier: "complexity", label: "simple", source: "rules" }]);
    expect(record.trace.map(({ step }) => step)).toEqual(["classifier", "rule"]);
  });

  test("a session stays in the highest tier that it reached; another session, and another caller's of the same name, do not", async () => {
    const session = { "x-session-id": "s1" };
    expect((await scene.ask("thinker", PROOF, {}, session)).model).toBe("deep");
    for (let round = 0; round < 6; round += 1)
      expect((await scene.ask("thinker", "thanks", {}, session)).model).toBe("deep");
    expect((await scene.ask("thinker", "thanks", {}, { "x-session-id": "s2" })).model).toBe("small");
    expect((await scene.ask("other", "thanks", {}, session)).model).toBe("small");
  });

  test("a conversation without a name is known by its opening, once it is under way", async () => {
    const opening = { role: "user", content: PROOF };
    const turn = (text: string) => [opening, { role: "assistant", content: "Done." }, { role: "user", content: text }];
    expect((await scene.ask("other", "", { messages: [opening] })).model).toBe("deep");
    expect((await scene.ask("other", "", { messages: turn("thanks") })).model).toBe("deep");
    expect((await scene.ask("thinker", "", { messages: [{ role: "user", content: "hi" }] })).model).toBe("small");
  });

  test("in every dialect; Claude Code's session is one", async () => {
    const send = async (path: string, body: unknown) => {
      const headers = { "content-type": "application/json", "x-api-key": "sk-tl-other-0123456789abcdef0123456789" };
      const url = `${scene.gateway.url}${path}`;
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return response.headers.get("x-trunkline-model");
    };
    const messages = (text: string) => ({
      model: "mock/usual",
      max_tokens: 20,
      metadata: { user_id: "user_1_account_2_session_3" },
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    });
    expect(await send("/v1/messages", messages(PROOF))).toBe("deep");
    expect(await send("/v1/messages", messages("thanks"))).toBe("deep");
    expect(await send("/v1/responses", { model: "mock/usual", input: PROOF })).toBe("deep");
    expect(await send("/v1/responses", { model: "mock/usual", input: "thanks" })).toBe("small");
  });

  test.each([
    ["a megabyte of one letter", "a".repeat(1_000_000)],
    ["a hundred thousand parts", Array.from({ length: 50_000 }, () => ({ type: "text", text: "x" }))],
  ])("%s is served", async (_, content) => {
    expect((await scene.ask("thinker", content)).status).toBe(200);
  });
});

test("metrics count labels and where they came from", async () => {
  const text = await (
    await fetch(`${scene.gateway.url}/metrics`, { headers: { authorization: `Bearer ${scene.gateway.adminToken}` } })
  ).text();
  for (const part of [
    'classifier="intent",label="code",source="call",shadow="false"',
    'classifier="intent",label="code",source="cache",shadow="false"',
    'classifier="risk",label="high",source="memory",shadow="false"',
    'classifier="risk",label="unknown",source="failure",shadow="false"',
    'classifier="tried",label="high",source="call",shadow="true"',
    'classifier="complexity",label="reasoning",source="rules",shadow="false"',
    'trunkline_classify_seconds_count{classifier="risk",source="call"}',
  ])
    expect(text).toContain(part);
});

test("a reload brings new examples, and what conversations keep goes on", async () => {
  const own = await startScene();
  try {
    await examplesEmbedded(own);
    const session = { "x-session-id": "over the reload" };
    expect((await own.ask("thinker", "Prove by induction that 2 > 1, step by step", {}, session)).model).toBe("deep");
    const file = join(own.gateway.dir, "trunkline.yaml");
    const text = await Bun.file(file).text();
    await Bun.write(file, text.replaceAll("why does it not compile", "a stack of trouble"));
    own.gateway.kill("SIGHUP");
    const isThere = (): boolean => own.mock.embedded.flat().includes("a stack of trouble");
    for (let round = 0; round < 200 && !isThere(); round += 1) await Bun.sleep(25);
    expect(own.mock.embedded.at(-1)).toEqual(["a stack of trouble"]);
    expect((await own.ask("thinker", "thanks", {}, session)).model).toBe("deep");
    for (let round = 0; round < 100; round += 1)
      if ((await own.ask("coder", `python ${round}`)).model === "coder") return;
    throw new Error("the new examples are not used");
  } finally {
    await own.stop();
  }
}, 30_000);

test("vectors of examples outlive the process, and are asked for again until they come", async () => {
  const first = await startScene();
  first.mock.manner = "good";
  await examplesEmbedded(first);
  const before = first.mock.embedded.flat().filter((text) => text === "the invoice is wrong").length;
  first.gateway.kill("SIGKILL");
  await first.gateway.exited;
  const again = await startGateway({ dir: first.gateway.dir, env: { CLASSIFIER_TOKEN: "t" } });
  try {
    const second: Scene = { ...first, gateway: again };
    const response = await fetch(`${second.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-tl-coder-0123456789abcdef0123456789" },
      body: JSON.stringify({ model: "mock/usual", messages: [{ role: "user", content: "python bug" }] }),
    });
    expect(response.headers.get("x-trunkline-model")).toBe("coder");
    expect(first.mock.embedded.flat().filter((text) => text === "the invoice is wrong").length).toBe(before);
  } finally {
    await again.stop();
    await first.mock.upstream.stop();
  }
}, 30_000);
