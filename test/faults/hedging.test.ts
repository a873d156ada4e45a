import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { chunk, LAST_CHUNK, STREAM_HEAD, streamAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { until } from "./bench.ts";
import { AFTER_MS, attemptsOf, failed, good, late, STALL, startHedging, type HedgingScene } from "./hedging-scene.ts";
import { expectQuiet, wireOf } from "./routing-scene.ts";

const wire = wireOf("openai-chat");
const claude = wireOf("anthropic-messages");
const stream = (text: string): Step[] => streamAnswer(wire.events([text, "\n"], wire.usage));

let scene: HedgingScene;
beforeAll(async () => {
  scene = await startHedging({
    aliases: {
      unhurried: {
        targets: [{ provider: "o87", model: "m" }],
        fallbacks: ["o88/m"],
        hedging: { after: 20_000 },
      },
    },
  });
});
afterAll(() => scene.stop());

/** Records of requests whose first attempt went to a provider. */
async function recordsFrom(provider: string): Promise<RequestRecord[]> {
  const records = await scene.gateway.records(scene.ids.length);
  return records.filter(({ attempts }) => attempts[0]?.provider === provider);
}

describe("a whole answer", () => {
  test("of the rival wins when the first brings nothing in time", async () => {
    const [slow, quick] = [scene.place([STALL]), scene.place(good("from the rival"))];
    const key = scene.key();
    const seen = await scene.askChain([slow, quick], { key });
    expect({ status: seen.status, text: seen.reading.text }).toEqual({ status: 200, text: "from the rival" });
    expect(seen.headers.get("x-trunkline-provider")).toBe(quick.name);
    expect(seen.headers.get("x-trunkline-attempts")).toBe("2");
    expect(seen.headers.get("x-trunkline-route")).toContain(`hedge=${quick.name}/m answered first`);
    const record = await scene.record(seen.id);
    expect(record).toMatchObject({ outcome: "success", provider: quick.name, cost_nano_usd: 19_000 });
    expect(record.attempts).toMatchObject([
      { provider: slow.name, status: 0, code: "hedge_lost", cost_nano_usd: null },
      { provider: quick.name, status: 200, code: null, hedge: true },
    ]);
    expect(record.attempts[0]?.ms ?? 0).toBeGreaterThanOrEqual(AFTER_MS - 1);
    expect(record.charges.map(({ amount }) => amount)).toEqual([19_000]);
    await scene.expectSettled(key);
  });

  test("of the first wins over a rival that is slower still", async () => {
    const [slow, slower] = [scene.place(late(250, good("from the first"))), scene.place([STALL])];
    const key = scene.key();
    const seen = await scene.askChain([slow, slower], { key });
    expect(seen.reading.text).toBe("from the first");
    expect(seen.headers.get("x-trunkline-provider")).toBe(slow.name);
    const record = await scene.record(seen.id);
    expect(attemptsOf(record)).toEqual([
      [slower.name, "hedge_lost", "hedge"],
      [slow.name, null],
    ]);
    await scene.expectSettled(key);
  });

  test("in time has no rival", async () => {
    const [quick, other] = [scene.named("o87", good("quick")), scene.named("o88", good("other"))];
    const seen = await scene.ask("openai-chat", "unhurried");
    expect(seen.reading.text).toBe("quick");
    expect(other.keys).toEqual([]);
    expect(attemptsOf(await scene.record(seen.id))).toEqual([[quick.name, null]]);
  });

  test("when both fail the error is that of the first in the route", async () => {
    const [slow, quick] = [scene.place(late(300, failed(500, "first"))), scene.place(failed(503, "second"))];
    const key = scene.key();
    const seen = await scene.askChain([slow, quick], { key });
    expect({ status: seen.status, message: seen.error.message }).toEqual({ status: 502, message: "first" });
    const record = await scene.record(seen.id);
    expect(record).toMatchObject({ outcome: "upstream_failed", provider: null, cost_nano_usd: 0 });
    expect(attemptsOf(record)).toEqual([
      [quick.name, "upstream_error", "hedge"],
      [slow.name, "upstream_error"],
    ]);
    await scene.expectSettled(key);
  });

  test("of the first still counts when the rival has failed", async () => {
    const [slow, bad] = [scene.place(late(300, good("after all"))), scene.place(failed(500, "no"))];
    const seen = await scene.askChain([slow, bad]);
    expect(seen.reading.text).toBe("after all");
    expect(attemptsOf(await scene.record(seen.id))).toEqual([
      [bad.name, "upstream_error", "hedge"],
      [slow.name, null],
    ]);
  });

  test("of the rival still counts when the first has failed meanwhile", async () => {
    const [slow, rival] = [scene.place(late(200, failed(500, "no"))), scene.place(late(300, good("rival")))];
    const seen = await scene.askChain([slow, rival]);
    expect(seen.reading.text).toBe("rival");
    expect(attemptsOf(await scene.record(seen.id))).toEqual([
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
    const seen = await scene.askChain(places);
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
    const seen = await scene.askChain([slow, quick]);
    expect(seen.reading.text).toBe("whole");
    await until(() => scene.mock.abandoned > abandoned, "the loser's connection is closed");
    expect(attemptsOf(await scene.record(seen.id))).toEqual([
      [slow.name, "hedge_lost"],
      [quick.name, null, "hedge"],
    ]);
  });

  test("of another dialect than the loser's is encoded for the client, with the winner's warnings alone", async () => {
    const slow = scene.place([STALL], "anthropic-messages");
    const quick = scene.place(good("plain"));
    const seen = await scene.askChain([slow, quick], { more: { seed: 7 } });
    expect(seen.reading.text).toBe("plain");
    expect(seen.headers.get("x-trunkline-warnings")).toBeNull();
    expect((await scene.record(seen.id)).warnings).toEqual([]);
  });
});

describe("a stream", () => {
  test("of the rival wins while the first has brought no content", async () => {
    const head = wire.events(["x"], wire.usage)[0] ?? "";
    const [slow, quick] = [scene.place([{ write: STREAM_HEAD }, chunk(head), STALL]), scene.place(stream("rival"))];
    const key = scene.key();
    const seen = await scene.askChain([slow, quick], { stream: true, key });
    expect(seen.reading).toMatchObject({ text: "rival\n", error: null, isWhole: true, hasMark: true });
    expect(seen.body.match(/"role":"assistant"/g)?.length ?? 0).toBeLessThan(2);
    const record = await scene.record(seen.id);
    expect(record).toMatchObject({ outcome: "success", provider: quick.name, stream: true });
    expect(attemptsOf(record)).toEqual([
      [slow.name, "hedge_lost"],
      [quick.name, null, "hedge"],
    ]);
    await scene.expectSettled(key);
  });

  test("of the first wins although a rival was begun", async () => {
    const [slow, slower] = [scene.place(late(250, stream("first"))), scene.place([{ write: STREAM_HEAD }, STALL])];
    const seen = await scene.askChain([slow, slower], { stream: true });
    expect(seen.reading).toMatchObject({ text: "first\n", isWhole: true });
    expect(attemptsOf(await scene.record(seen.id))).toEqual([
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
    const seen = await scene.askChain([begun, other], { stream: true });
    expect(seen.reading).toMatchObject({ text: "onetwo", isWhole: true });
    expect(other.keys).toEqual([]);
  });

  test("that wins and breaks off ends with the dialect's error event; nobody is asked again", async () => {
    const events = wire.events(["some"], wire.usage);
    const slow = scene.place([STALL]);
    const breaking = scene.place([{ write: STREAM_HEAD }, chunk(events.slice(0, 2).join("")), { cut: "rst" }]);
    const third = scene.place(stream("third"));
    const key = scene.key();
    const seen = await scene.askChain([slow, breaking, third], { stream: true, key });
    expect(seen.reading).toMatchObject({ text: "some", error: { code: "upstream_truncated" } });
    expect(third.keys).toEqual([]);
    expect((await scene.record(seen.id)).outcome).toBe("upstream_truncated");
    await scene.expectSettled(key);
  });

  test("without usage is estimated: what the loser had told is not taken for it", async () => {
    const start = claude.events(["x"], claude.usage)[0] ?? "";
    const slow = scene.place([{ write: STREAM_HEAD }, chunk(start), STALL], "anthropic-messages");
    const quick = scene.place(streamAnswer(wire.events(["rival"])));
    const seen = await scene.askChain([slow, quick], { stream: true });
    expect(seen.reading.text).toBe("rival");
    const record = await scene.record(seen.id);
    expect(record.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual(["estimated usage"]);
    expect(record).toMatchObject({ response_id: "chatcmpl-1", output_tokens: 2 });
  });

  test("what the loser had told of its usage is charged, and stands at its attempt", async () => {
    const start = claude.events(["x"], claude.usage)[0] ?? "";
    expect(start).toContain("message_start");
    const slow = scene.place([{ write: STREAM_HEAD }, chunk(start), STALL], "anthropic-messages");
    const quick = scene.place(stream("rival"));
    const key = scene.key();
    const seen = await scene.askChain([slow, quick], { stream: true, key });
    expect(seen.reading.text).toBe("rival\n");
    const record = await scene.record(seen.id);
    const lost = record.attempts[0]?.cost_nano_usd ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(record.cost_nano_usd).toBe(19_000 + lost);
    expect(record.charges.map(({ amount }) => amount)).toEqual([19_000 + lost]);
    expect(record).toMatchObject({ input_tokens: 12, output_tokens: 7, provider: quick.name });
    await scene.expectSettled(key);
  });
});

describe("ends from outside", () => {
  test.each([false, true])("the client leaves while both run, stream %p", async (isStream) => {
    const [one, other] = [scene.place([STALL]), scene.place([STALL])];
    const key = scene.key();
    const abandoned = scene.mock.abandoned;
    const leave = new AbortController();
    const asking = scene.askChain([one, other], { stream: isStream, key, signal: leave.signal });
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
    await scene.expectSettled(key);
  });

  test("the deadline passes while both run", async () => {
    const [one, other] = [scene.place([STALL]), scene.place([STALL])];
    const key = scene.key();
    const started = performance.now();
    const seen = await scene.askChain([one, other], { key, headers: { "x-trunkline-timeout-ms": "400" } });
    expect(performance.now() - started).toBeGreaterThanOrEqual(399);
    expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 504, code: "deadline_exceeded" });
    const record = await scene.record(seen.id);
    expect(record.outcome).toBe("deadline_exceeded");
    expect(attemptsOf(record)).toEqual([
      [one.name, "deadline_exceeded"],
      [other.name, "deadline_exceeded", "hedge"],
    ]);
    expect(JSON.parse(seen.body).error.attempts).toHaveLength(2);
    await scene.expectSettled(key);
  });
});

test("in the end nothing is under way and every request has one record", () => expectQuiet(scene));
