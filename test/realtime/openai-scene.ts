import { connect, type TestClient } from "./client.ts";
import { KEY, startScene, type Scene } from "./scene.ts";

export const LIVE_PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
export const SETUP = { setup: { model: "models/openai/gpt-realtime" } };

/** Clients of Gemini Live before OpenAI Realtime. */
export interface OpenAiScene extends Scene {
  open(key?: string): TestClient;
  /** Opens a session and waits until its set-up, `SETUP` by default, is confirmed. */
  ready(setup?: object, key?: string): Promise<TestClient>;
}

export async function startOpenAiScene(governance: object = {}): Promise<OpenAiScene> {
  const scene = await startScene(governance);
  const open = (key = KEY): TestClient => connect(`${scene.gateway.url}${LIVE_PATH}?key=${key}`);
  return Object.assign(scene, {
    open,
    async ready(setup: object = SETUP, key = KEY) {
      const client = open(key);
      await client.opened;
      client.send(setup);
      await client.event("setupComplete");
      return client;
    },
  });
}
