import { afterEach, expect, test } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { connect } from "../realtime/client.ts";
import { answerEvents, speakRealtime } from "../realtime/openai-provider.ts";
import { KEY, startScene, type Scene } from "../realtime/scene.ts";

let scene: Scene;
afterEach(() => scene.stop());

/** 4,000 tokens of speech and 100 of input: 25.6 and a little cents. */
const DEAR = {
  input_tokens: 100,
  output_tokens: 4000,
  input_token_details: { text_tokens: 100 },
  output_token_details: { audio_tokens: 4000 },
};

test("a budget of one provider holds for a session there: it ends the session, and what was used is charged once", async () => {
  const grant = { provider: "openai", budgets: [{ limit_usd: 0.5, period: "1d" }] };
  scene = await startScene({ provider_configs: [grant] });
  scene.play = (socket) =>
    speakRealtime(socket, (it) => {
      for (const event of answerEvents("Hello there", DEAR)) it.text(event);
    });
  const open = () =>
    connect(`${scene.gateway.url}/v1/realtime?model=openai/gpt-realtime`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
  const client = open();
  await client.event("session.created");
  client.send({ type: "response.create" });
  const error = await client.event("error");
  expect(error).toMatchObject({ error: { code: "budget_exceeded" } });
  expect(JSON.stringify(error)).toContain("virtual_key:one/provider:openai");
  expect(await client.closed).toMatchObject({ code: 1008 });
  const [record] = (await scene.gateway.records(1)) as [RequestRecord];
  expect(record.charges).toMatchObject([{ counter: "usd:virtual_key:one/provider:openai:1d", amount: 256_400_000 }]);
  expect(await open().opened.catch((failure: Error) => failure.message)).toContain("402");
});
