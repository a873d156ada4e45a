import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { chunk, jsonAnswer, LAST_CHUNK, STREAM_HEAD, streamAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { recordOf, until } from "./bench.ts";
import { expectQuiet, startScene, wireOf, type Place, type Scene } from "./routing-scene.ts";

const AFTER_MS = 80;
const wire = wireOf("openai-chat");
const claude = wireOf("anthropic-messages");
const STALL: Step = { stall: true };
const good = (text: string): Step[] => jsonAnswer(wire.whole(text, wire.usage));
const late = (ms: number, steps: Step[]): Step[] => [{ wait: ms }, ...steps];
const failed = (status: number, message: string): Step[] => jsonAnswer(wire.errorBody(status, message), status);
const stream = (text: string): Step[] => streamAnswer(wire.events([text, "\n"], wire.usage));

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({
    routing: {
      hedging: { after: AFTER_MS },
      rules: [
        {
          name: "unhedged",
          when: 'headers["x-test"] == "unhedged"',
          targets: [{ provider: "o80", model: "m" }],
          fallbacks: ["o81/m"],
          hedging: false,
        },
      ],
    },
    aliases: {
      usual: { targets: [{ provider: "o82", model: "m" }], fallbacks: ["o83/m"], hedging: { after: "p90" } },
      patient: {
        targets: [{ provider: "o84", model: "m" }],
        fallbacks: ["o85/m", "o86/m"],
        hedging: { after: 60, max: 2 },
      },
      unhurried: {
        targets: [{ provider: "o87", model: "m" }],
        fallbacks: ["o88/m"],
        hedging: { after: 20_000 },
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

type Ask = NonNullable<Parameters<Scene["ask"]>[2]>;

/** Asks the first place, with the others as fallbacks. */
function askChain(places: readonly Place[], options: Ask = {}) {
  const [first, ...rest] = places.map(({ model }) => model);
  return scene.ask("openai-chat", first ?? "", {
    ...options,
    more: { ...options.more, ...(rest.length > 0 && { fallbacks: rest }) },
  });
}

/** What the record lists: where each call went and how it ended. */
function attemptsOf({ attempts }: RequestRecord): unknown[] {
  return attempts.map(({ provider, code, hedge }) => [provider, code, ...(hedge === true ? ["hedge"] : [])]);
}

const read = (id: string): Promise<RequestRecord> => recordOf(scene.gateway, id);

/** A hedge needs room for two worst cases in the key's budget: it is only made when all was given back. */
async function expectSettled(key: string): Promise<void> {
  const [slow, quick] = [scene.place([STALL]), scene.place(good("again"))];
  const seen = await askChain([slow, quick], { key });
  expect(attemptsOf(await read(seen.id))).toEqual([
    [slow.name, "hedge_lost"],
    [quick.name, null, "hedge"],
  ]);
}

describe("a whole answer", () => {
  test("of the rival wins when the first brings nothing in time", async () => {
    const [slow, quick] = [scene.place([STALL]), scene.place(good("from the rival"))];
    const key = scene.key();
    const seen = await askChain([slow, quick], { key });
    expect({ status: seen.status, text: seen.reading.text }).toEqual({ status: 200, text: "from the rival" });
    expect(seen.headers.get("x-trunkline-provider")).toBe(quick.name);
    expect(seen.headers.get("x-trunkline-attempts")).toBe("2");
    expect(seen.headers.get("x-trunkline-route")).toContain(`hedge=${quick.name}/m answered first`);
    const record = await read(seen.id);
    expect(record).toMatchObject({ outcome: "success", provider: quick.name, cost_nano_usd: 19_000 });
    expect(record.attempts).toMatchObject([
      { provider: slow.name, status: 0, code: "hedge_lost", cost_nano_usd: null },
      { provider: quick.name, status: 200, code: null, hedge: true },
    ]);
    expect(record.attempts[0]?.ms ?? 0).toBeGreaterThanOrEqual(AFTER_MS - 1);
    expect(record.charges.map(({ amount }) => amount)).toEqual([19_000]);
    await expectSettled(key);
  });

  test("of the first wins over a rival that is slower still", async () => {
    const [slow, slower] = [scene.place(late(250, good("from the first"))), scene.place([STALL])];
    const key = scene.key();
    const seen = await askChain([slow, slower], { key });
    expect(seen.reading.text).toBe("from the first");
    expect(seen.headers.get("x-trunkline-provider")).toBe(slow.name);
    const record = await read(seen.id);
    expect(attemptsOf(record)).toEqual([
      [slower.name, "hedge_lost", "hedge"],
      [slow.name, null],
    ]);
    await expectSettled(key);
  });

  test("in time has no rival", async () => {
    const [quick, other] = [scene.named("o87", good("quick")), scene.named("o88", good("other"))];
    const seen = await scene.ask("openai-chat", "unhurried");
    expect(seen.reading.text).toBe("quick");
    expect(other.keys).toEqual([]);
    expect(attemptsOf(await read(seen.id))).toEqual([[quick.name, null]]);
  });

  test("when both fail the error is that of the first in the route", async () => {
    const [slow, quick] = [scene.place(late(300, failed(500, "first"))), scene.place(failed(503, "second"))];
    const key = scene.key();
    const seen = await askChain([slow, quick], { key });
    expect({ status: seen.status, message: seen.error.message }).toEqual({ status: 502, message: "first" });
    const record = await read(seen.id);
    expect(record).toMatchObject({ outcome: "upstream_failed", provider: null, cost_nano_usd: 0 });
    expect(attemptsOf(record)).toEqual([
      [quick.name, "upstream_error", "hedge"],
      [slow.name, "upstream_error"],
    ]);
    await expectSettled(key);
  });

  test("of the first still counts when the rival has failed", async () => {
    const [slow, bad] = [scene.place(late(300, good("after all"))), scene.place(failed(500, "no"))];
    const seen = await askChain([slow, bad]);
    expect(seen.reading.text).toBe("after all");
    expect(attemptsOf(await read(seen.id))).toEqual([
      [bad.name, "upstream_error", "hedge"],
      [slow.name, null],
    ]);
  });

  test("of the rival still counts when the first has failed meanwhile", async () => {
    const [slow, rival] = [scene.place(late(200, failed(500, "no"))), scene.place(late(300, good("rival")))];
    const seen = await askChain([slow, rival]);
    expect(seen.reading.text).toBe("rival");
    expect(attemptsOf(await read(seen.id))).toEqual([
      [slow.name, "upstream_error"],
      [rival.name, null, "hedge"],
    ]);
  });

  test("lanes go on to further targets, none is called twice", async () => {
    const places = [
      scene.place(late(200, failed(500, "first"))),
      scene.place(failed(500, "second")),
      scene.place(failed(500, "third")),
      scene.place(late(300, good("fourth"))),
    ];
    const seen = await askChain(places);
    expect(seen.reading.text).toBe("fourth");
    expect(places.map(({ keys }) => keys.length)).toEqual([1, 1, 1, 1]);
  });

  test("a loser that goes on sending is cut off and reaches nobody", async () => {
    const trickle: Step[] = [
      { write: "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n" },
      ...Array.from({ length: 100 }, () => [chunk(" "), { wait: 20 }]).flat(),
      LAST_CHUNK,
    ];
    const [slow, quick] = [scene.place(trickle), scene.place(late(60, good("whole")))];
    const abandoned = scene.mock.abandoned;
    const seen = await askChain([slow, quick]);
    expect(seen.reading.text).toBe("whole");
    await until(() => scene.mock.abandoned > abandoned, "the loser's connection is closed");
    expect(attemptsOf(await read(seen.id))).toEqual([
      [slow.name, "hedge_lost"],
      [quick.name, null, "hedge"],
    ]);
  });

  test("of another dialect than the loser's is encoded for the client, with the winner's warnings alone", async () => {
    const slow = scene.place([STALL], "anthropic-messages");
    const quick = scene.place(good("plain"));
    const seen = await askChain([slow, quick], { more: { seed: 7 } });
    expect(seen.reading.text).toBe("plain");
    expect(seen.headers.get("x-trunkline-warnings")).toBeNull();
    expect((await read(seen.id)).warnings).toEqual([]);
  });
});

describe("a stream", () => {
  test("of the rival wins while the first has brought no content", async () => {
    const head = wire.events(["x"], wire.usage)[0] ?? "";
    const [slow, quick] = [scene.place([{ write: STREAM_HEAD }, chunk(head), STALL]), scene.place(stream("rival"))];
    const key = scene.key();
    const seen = await askChain([slow, quick], { stream: true, key });
    expect(seen.reading).toMatchObject({ text: "rival\n", error: null, isWhole: true, hasMark: true });
    expect(seen.body.match(/"role":"assistant"/g)?.length ?? 0).toBeLessThan(2);
    const record = await read(seen.id);
    expect(record).toMatchObject({ outcome: "success", provider: quick.name, stream: true });
    expect(attemptsOf(record)).toEqual([
      [slow.name, "hedge_lost"],
      [quick.name, null, "hedge"],
    ]);
    await expectSettled(key);
  });

  test("of the first wins although a rival was begun", async () => {
    const [slow, slower] = [scene.place(late(250, stream("first"))), scene.place([{ write: STREAM_HEAD }, STALL])];
    const seen = await askChain([slow, slower], { stream: true });
    expect(seen.reading).toMatchObject({ text: "first\n", isWhole: true });
    expect(attemptsOf(await read(seen.id))).toEqual([
      [slower.name, "hedge_lost", "hedge"],
      [slow.name, null],
    ]);
  });

  test("with content is never doubled, however slow it goes on", async () => {
    const events = wire.events(["one", "two"], wire.usage);
    const other = scene.place(stream("other"));
    const begun = scene.place([
      { write: STREAM_HEAD },
      chunk(events.slice(0, 2).join("")),
      { wait: AFTER_MS + 60 },
      chunk(events.slice(2).join("")),
      LAST_CHUNK,
    ]);
    const seen = await askChain([begun, other], { stream: true });
    expect(seen.reading).toMatchObject({ text: "onetwo", isWhole: true });
    expect(other.keys).toEqual([]);
  });

  test("that wins and breaks off ends with the dialect's error event; nobody is asked again", async () => {
    const events = wire.events(["some"], wire.usage);
    const slow = scene.place([STALL]);
    const breaking = scene.place([{ write: STREAM_HEAD }, chunk(events.slice(0, 2).join("")), { cut: "rst" }]);
    const third = scene.place(stream("third"));
    const key = scene.key();
    const seen = await askChain([slow, breaking, third], { stream: true, key });
    expect(seen.reading).toMatchObject({ text: "some", error: { code: "upstream_truncated" } });
    expect(third.keys).toEqual([]);
    expect((await read(seen.id)).outcome).toBe("upstream_truncated");
    await expectSettled(key);
  });

  test("without usage is estimated: what the loser had told is not taken for it", async () => {
    const start = claude.events(["x"], claude.usage)[0] ?? "";
    const slow = scene.place([{ write: STREAM_HEAD }, chunk(start), STALL], "anthropic-messages");
    const quick = scene.place(streamAnswer(wire.events(["rival"])));
    const seen = await askChain([slow, quick], { stream: true });
    expect(seen.reading.text).toBe("rival");
    const record = await read(seen.id);
    expect(record.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual(["estimated usage"]);
    expect(record).toMatchObject({ response_id: "chatcmpl-1", output_tokens: 2 });
  });

  test("what the loser had told of its usage is charged, and stands at its attempt", async () => {
    const start = claude.events(["x"], claude.usage)[0] ?? "";
    expect(start).toContain("message_start");
    const slow = scene.place([{ write: STREAM_HEAD }, chunk(start), STALL], "anthropic-messages");
    const quick = scene.place(stream("rival"));
    const key = scene.key();
    const seen = await askChain([slow, quick], { stream: true, key });
    expect(seen.reading.text).toBe("rival\n");
    const record = await read(seen.id);
    const lost = record.attempts[0]?.cost_nano_usd ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(record.cost_nano_usd).toBe(19_000 + lost);
    expect(record.charges.map(({ amount }) => amount)).toEqual([19_000 + lost]);
    expect(record).toMatchObject({ input_tokens: 12, output_tokens: 7, provider: quick.name });
    await expectSettled(key);
  });
});

describe("ends from outside", () => {
  test.each([false, true])("the client leaves while both run, stream %p", async (isStream) => {
    const [one, other] = [scene.place([STALL]), scene.place([STALL])];
    const key = scene.key();
    const abandoned = scene.mock.abandoned;
    const leave = new AbortController();
    const asking = askChain([one, other], { stream: isStream, key, signal: leave.signal });
    await until(() => other.keys.length === 1, "the rival is called");
    leave.abort();
    const error: unknown = await asking.catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("Abort");
    await until(() => scene.mock.abandoned >= abandoned + 2, "both calls are closed");
    await until(async () => (await recordsFrom(one.name)).length > 0, "the request is recorded");
    const records = await recordsFrom(one.name);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ outcome: "client_aborted", provider: null, cost_nano_usd: 0 });
    expect(records[0]?.attempts.map(({ code }) => code)).toEqual(["client_aborted", "client_aborted"]);
    scene.ids.push(records[0]?.id ?? "");
    await expectSettled(key);
  });

  test("the deadline passes while both run", async () => {
    const [one, other] = [scene.place([STALL]), scene.place([STALL])];
    const key = scene.key();
    const started = performance.now();
    const seen = await askChain([one, other], { key, headers: { "x-trunkline-timeout-ms": "400" } });
    expect(performance.now() - started).toBeGreaterThanOrEqual(399);
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    const record = await read(seen.id);
    expect(record.outcome).toBe("deadline_exceeded");
    expect(attemptsOf(record)).toEqual([
      [one.name, "deadline_exceeded"],
      [other.name, "deadline_exceeded", "hedge"],
    ]);
    expect(JSON.parse(seen.body).error.attempts).toHaveLength(2);
    await expectSettled(key);
  });
});

/** Records of requests whose first attempt went to a provider. */
async function recordsFrom(provider: string): Promise<RequestRecord[]> {
  const records = await scene.gateway.records(scene.ids.length);
  return records.filter(({ attempts }) => attempts[0]?.provider === provider);
}

describe("where a rival goes", () => {
  test("past a target whose breaker is open", async () => {
    const slow = scene.place([STALL]);
    const sick = scene.place(failed(500, "sick"));
    for (let round = 0; round < 5; round += 1) await scene.ask("openai-chat", sick.model);
    const third = scene.place(good("third"));
    const seen = await askChain([slow, sick, third]);
    expect(seen.reading.text).toBe("third");
    expect(sick.keys).toHaveLength(5);
  });

  test("to another key where there is no other target", async () => {
    const only = scene.place((request) =>
      request.headers["authorization"]?.endsWith("-a") === true ? [STALL] : good("other key"),
    );
    const seen = await askChain([only]);
    expect(seen.reading.text).toBe("other key");
    expect(only.keys).toEqual(["a", "b"]);
    expect(seen.headers.get("x-trunkline-key")).toBe("b");
  });

  test("to one more when that is slow too, as many as allowed", async () => {
    const chain = ["o84", "o85", "o86"];
    const seen = await scene.ask("openai-chat", "patient", { headers: { "x-trunkline-timeout-ms": "500" } });
    expect(seen.status).toBe(504);
    expect(attemptsOf(await read(seen.id))).toEqual(
      chain.map((name, at) => [name, "deadline_exceeded", ...(at > 0 ? ["hedge"] : [])]),
    );
  });
});

describe("no rival", () => {
  test("where a rule switches it off", async () => {
    const seen = await scene.ask("openai-chat", "anything", { headers: { "x-test": "unhedged" } });
    expect(seen.reading.text).toBe("unhedged");
    expect(attemptsOf(await read(seen.id))).toEqual([["o80", null]]);
  });

  test("for tools that the provider runs itself", async () => {
    const [slow, other] = [scene.place(late(200, good("searched"))), scene.place(good("other"))];
    const more = { tools: [{ type: "web_search" }], web_search_options: {} };
    const seen = await askChain([slow, other], { more });
    expect(seen.reading.text).toBe("searched");
    expect(other.keys).toEqual([]);
  });

  test("where a budget has no room for a second worst case", async () => {
    const [slow, other] = [scene.place(late(200, good("first"))), scene.place(good("other"))];
    const key = scene.key();
    const seen = await askChain([slow, other], { key, maxTokens: 200_000 });
    expect(seen.reading.text).toBe("first");
    expect(other.keys).toEqual([]);
    expect(seen.headers.get("x-trunkline-route")).toContain("a budget has no room");
    await expectSettled(key);
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
    expect(attemptsOf(await read(id))).toHaveLength(1);
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
  expect(attemptsOf(await read(id))).toEqual([
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
  expect(attemptsOf(await read(id))).toEqual([[slow.name, "hedge_lost"]]);
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
  expect(attemptsOf(await read(seen.id))).toEqual([
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
