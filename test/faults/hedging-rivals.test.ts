import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { until } from "./bench.ts";
import { attemptsOf, failed, good, late, STALL, startHedging, type HedgingScene } from "./hedging-scene.ts";
import { expectQuiet } from "./routing-scene.ts";

let scene: HedgingScene;
beforeAll(async () => {
  scene = await startHedging({
    rules: [
      {
        name: "unhedged",
        when: 'headers["x-test"] == "unhedged"',
        targets: [{ provider: "o80", model: "m" }],
        fallbacks: ["o81/m"],
        hedging: false,
      },
    ],
    aliases: {
      usual: { targets: [{ provider: "o82", model: "m" }], fallbacks: ["o83/m"], hedging: { after: "p90" } },
      patient: {
        targets: [{ provider: "o84", model: "m" }],
        fallbacks: ["o85/m", "o86/m"],
        hedging: { after: 60, max: 2 },
      },
    },
  });
});
afterAll(() => scene.stop());

/** Providers that the configuration names. */
beforeAll(() => {
  scene.named("o80", late(150, good("unhedged")));
  for (const name of ["o84", "o85", "o86"]) scene.named(name, [STALL]);
});

describe("where a rival goes", () => {
  test("past a target whose breaker is open", async () => {
    const slow = scene.place([STALL]);
    const sick = scene.place(failed(500, "sick"));
    for (let round = 0; round < 5; round += 1) await scene.ask("openai-chat", sick.model);
    const third = scene.place(good("third"));
    const seen = await scene.askChain([slow, sick, third]);
    expect(seen.reading.text).toBe("third");
    expect(sick.keys).toHaveLength(5);
  });

  test("to another key where there is no other target", async () => {
    const only = scene.place((request) =>
      request.headers["authorization"]?.endsWith("-a") === true ? [STALL] : good("other key"),
    );
    const seen = await scene.askChain([only]);
    expect(seen.reading.text).toBe("other key");
    expect(only.keys).toEqual(["a", "b"]);
    expect(seen.headers.get("x-trunkline-key")).toBe("b");
  });

  test("to one more when that is slow too, as many as allowed", async () => {
    const chain = ["o84", "o85", "o86"];
    const seen = await scene.ask("openai-chat", "patient", { headers: { "x-trunkline-timeout-ms": "500" } });
    expect(seen.status).toBe(504);
    expect(attemptsOf(await scene.record(seen.id))).toEqual(
      chain.map((name, at) => [name, "deadline_exceeded", ...(at > 0 ? ["hedge"] : [])]),
    );
  });
});

describe("no rival", () => {
  test("where a rule switches it off", async () => {
    const seen = await scene.ask("openai-chat", "anything", { headers: { "x-test": "unhedged" } });
    expect(seen.reading.text).toBe("unhedged");
    expect(attemptsOf(await scene.record(seen.id))).toEqual([["o80", null]]);
  });

  test("for tools that the provider runs itself", async () => {
    const [slow, other] = [scene.place(late(200, good("searched"))), scene.place(good("other"))];
    const more = { tools: [{ type: "web_search" }], web_search_options: {} };
    const seen = await scene.askChain([slow, other], { more });
    expect(seen.reading.text).toBe("searched");
    expect(other.keys).toEqual([]);
  });

  test("where a budget has no room for a second worst case", async () => {
    const [slow, other] = [scene.place(late(200, good("first"))), scene.place(good("other"))];
    const key = scene.key();
    const seen = await scene.askChain([slow, other], { key, maxTokens: 200_000 });
    expect(seen.reading.text).toBe("first");
    expect(other.keys).toEqual([]);
    expect(seen.headers.get("x-trunkline-route")).toContain("a budget has no room");
    await scene.expectSettled(key);
  });

  test("for what makes something that stays", async () => {
    const body = { model: scene.place(late(150, jsonAnswer({ created: 1, data: [{ url: "http://x/1.png" }] }))).model };
    const response = await fetch(`${scene.gateway.url}/v1/images/generations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, prompt: "a dot", n: 1 }),
    });
    expect(response.status).toBe(200);
    const id = response.headers.get("x-trunkline-request-id") ?? "";
    scene.ids.push(id);
    expect(attemptsOf(await scene.record(id))).toHaveLength(1);
  });
});

test("embeddings have rivals too", async () => {
  const vectors = { object: "list", data: [{ object: "embedding", index: 0, embedding: [1] }], model: "m" };
  const [slow, quick] = [
    scene.place([STALL]),
    scene.place(jsonAnswer({ ...vectors, usage: { prompt_tokens: 3, total_tokens: 3 } })),
  ];
  const response = await fetch(`${scene.gateway.url}/v1/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: slow.model, input: "hello", fallbacks: [quick.model] }),
  });
  expect(response.status).toBe(200);
  const id = response.headers.get("x-trunkline-request-id") ?? "";
  scene.ids.push(id);
  expect(attemptsOf(await scene.record(id))).toEqual([
    [slow.name, "hedge_lost"],
    [quick.name, null, "hedge"],
  ]);
});

test("a rival that the gateway answers itself ends the first", async () => {
  const [slow, other] = [scene.place([STALL], "anthropic-messages"), scene.place(good("not called"))];
  const response = await fetch(`${scene.gateway.url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: slow.model,
      messages: [{ role: "user", content: "hello" }],
      fallbacks: [other.model],
    }),
  });
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 200,
    body: { input_tokens: expect.any(Number) },
  });
  const id = response.headers.get("x-trunkline-request-id") ?? "";
  scene.ids.push(id);
  expect(attemptsOf(await scene.record(id))).toEqual([[slow.name, "hedge_lost"]]);
  expect(other.keys).toEqual([]);
});

test("after a percentile of what the first target usually takes", async () => {
  let isSlow = false;
  scene.named("o82", () => (isSlow ? [STALL] : good("usual")));
  scene.named("o83", good("rival"));
  const early = await scene.ask("openai-chat", "usual");
  expect(early.reading.text).toBe("usual");
  for (let round = 0; round < 25; round += 1) await scene.ask("openai-chat", "usual");
  isSlow = true;
  const seen = await scene.ask("openai-chat", "usual");
  expect(seen.reading.text).toBe("rival");
  expect(attemptsOf(await scene.record(seen.id))).toEqual([
    ["o82", "hedge_lost"],
    ["o83", null, "hedge"],
  ]);
});

test("what became of hedges shows in the metrics", async () => {
  await until(async () => {
    const text = await (await fetch(`${scene.gateway.url}/metrics`)).text();
    return /trunkline_hedges_total\{provider="o83",model="m",result="won"\} 1/.test(text);
  }, "the hedge is counted");
});

test("in the end nothing is under way and every request has one record", () => expectQuiet(scene));
