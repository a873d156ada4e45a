import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { ERRORS } from "../../src/canonical/errors.ts";
import type { SpokenDialect } from "../e2e/spoken.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../mock-upstream/server.ts";
import { ask, FULL_TOKENS, OTHER_TEXT, recordOf, type Seen } from "./bench.ts";
import { FRAMINGS } from "./framed.ts";
import { eventsOf, faultsOf, streamed, TEXT, type Fault } from "./framing-faults.ts";
import { WIRES } from "./wire.ts";

const CLIENTS: readonly SpokenDialect[] = ["openai-chat", "anthropic-messages"];

let gateway: Gateway;
let mock: MockUpstream;
const scripts = new Map<string, Step[]>();
const ids: string[] = [];
const KEYS = Array.from({ length: 600 }, (_, at) => `key-${at}`);
let nextKey = 0;
let nextModel = 0;

const keyValue = (name: string): string => `sk-tl-${name}-0123456789`;

beforeAll(async () => {
  mock = await startMockUpstream(({ json }) => scripts.get(String(json["model"])) ?? jsonAnswer({}, 404));
  const common = {
    base_url: mock.url,
    keys: [{ name: "main", value: "upstream-secret" }],
    pricing: { "*": { input: 1, output: 1 } },
    // Nothing here waits for a timeout: a busy machine may take its time.
    network: { max_retries: 0, connect_timeout_ms: 10_000, first_byte_timeout_ms: 10_000, idle_timeout_ms: 10_000 },
  };
  const names = FRAMINGS.map(({ framing }) => `framed-${framing}`);
  gateway = await startGateway({
    entry: join(import.meta.dir, "../gateway/framing-main.ts"),
    config: {
      version: 1,
      access: { require_virtual_key: false },
      providers: {
        ...Object.fromEntries(names.map((name) => [name, common])),
        other: { ...common, dialect: "openai-chat" },
      },
      governance: {
        virtual_keys: KEYS.map((name) => ({
          name,
          value: keyValue(name),
          provider_configs: [...names, "other"].map((provider) => ({ provider })),
          budgets: [{ limit_usd: 0.15, period: "never" }],
        })),
      },
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

/** A model that plays these steps, and the name under which the mock knows it. */
function modelOf(provider: string, steps: Step[]): string {
  const name = `m${nextModel++}`;
  scripts.set(name, steps);
  return `${provider}/${name}`;
}

async function play(
  client: SpokenDialect,
  model: string,
  fault: Fault,
  more: Record<string, unknown>,
  key?: string,
): Promise<Seen> {
  const { stream = true, onHead } = fault;
  const optional = { ...(key !== undefined && { key }), ...(onHead !== undefined && { onHead }) };
  const options = { stream, maxTokens: FULL_TOKENS, more, ...optional };
  return ask({ gateway, ids }, client, model, options);
}

function checkClient(seen: Seen, { code, text }: Fault): void {
  expect(seen.endedWell).toBe(true);
  if (code === null) {
    expect({ status: seen.status, body: seen.status === 200 ? "" : seen.body }).toEqual({ status: 200, body: "" });
    expect(seen.reading).toMatchObject({ text, error: null, isWhole: true });
  } else if (text === "") expect({ status: seen.status, code: seen.error.code }).toEqual({ status: 502, code });
  else expect(seen.reading).toMatchObject({ text, error: { code } });
}

/** Requests of a model that the mock has seen, by connection. */
const connectionsOf = (model: string): number[] =>
  mock.requests.filter(({ json }) => json["model"] === model.split("/")[1]).map(({ connection }) => connection);

describe.each(FRAMINGS.map((it) => [it.framing, it] as const))("%s", (framing, it) => {
  const provider = `framed-${framing}`;

  describe.each(CLIENTS.map((client) => [client]))("for clients of %s", (client) => {
    test.concurrent.each(faultsOf(it).map((fault) => [fault.name, fault] as const))("%s", async (_name, fault) => {
      const key = keyValue(KEYS[nextKey++] ?? "");
      const model = modelOf(provider, fault.steps);
      const seen = await play(client, model, fault, {}, key);
      checkClient(seen, fault);

      const record = await recordOf(gateway, seen.id);
      const outcome = fault.code === null ? "success" : ERRORS[fault.code].outcome;
      expect(record).toMatchObject({ outcome, status: seen.status, error_code: fault.code });
      expect(record.attempts.map(({ code }) => code)).toEqual([fault.text === "" ? fault.code : null]);
      if (fault.name === "no usage") {
        expect(record.warnings).toContainEqual(expect.objectContaining({ code: "estimated" }));
        expect(record.output_tokens).toBeGreaterThan(0);
      }
      // What the call reserved is settled: one as large has room again.
      const again = await play(
        client,
        modelOf("other", jsonAnswer(WIRES["openai-chat"].whole("ok", WIRES["openai-chat"].usage))),
        { ...fault, stream: false },
        {},
        key,
      );
      expect({ status: again.status, text: again.reading.text }).toEqual({ status: 200, text: "ok" });

      if (fault.code === null || fault.text !== "") return;
      const other = modelOf("other", jsonAnswer(WIRES["openai-chat"].whole(OTHER_TEXT, WIRES["openai-chat"].usage)));
      const saved = await play(client, model, fault, { fallbacks: [other] });
      expect({ status: saved.status, text: saved.reading.text }).toEqual({ status: 200, text: OTHER_TEXT });
    });
  });

  test("a connection that brought what cannot be read serves no other request", async () => {
    const good = streamed(
      it,
      eventsOf(it).map((event) => it.frame(event)),
    );
    for (const fault of faultsOf(it).filter(({ spoils }) => spoils)) {
      const bad = modelOf(provider, fault.steps);
      await play("openai-chat", bad, fault, {});
      const [spoilt] = connectionsOf(bad);
      expect(spoilt).toBeGreaterThan(0);
      // More than there are threads, so that each has had its turn.
      for (let round = 0; round < 6; round += 1) {
        const next = modelOf(provider, good);
        expect((await play("openai-chat", next, { ...fault, stream: true }, {})).reading.text).toBe(TEXT);
        expect({ fault: fault.name, connections: connectionsOf(next) }).not.toEqual({
          fault: fault.name,
          connections: [spoilt ?? 0],
        });
      }
    }
  });

  test("one that ends well does", async () => {
    const good = streamed(
      it,
      eventsOf(it).map((event) => it.frame(event)),
    );
    const before = mock.connections;
    for (let round = 0; round < 20; round += 1) {
      const next = modelOf(provider, good);
      expect((await play("openai-chat", next, { name: "", steps: [], text: TEXT, code: null }, {})).reading.text).toBe(
        TEXT,
      );
    }
    expect(mock.connections - before).toBeLessThan(20);
  });
});
