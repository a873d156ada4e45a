import type { RequestRecord } from "../../src/canonical/record.ts";
import { NewRecords } from "../gateway/new-records.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import {
  startSocketServer,
  type MockSocket,
  type MockSocketServer,
  type Refuse,
} from "../mock-upstream/socket-server.ts";
import type { TestClient } from "./client.ts";

/** Virtual keys of two tenants; the second may use one model only. */
export const KEY = "sk-tl-app-one-0123456789abcdef";
export const OTHER_KEY = "sk-tl-app-two-0123456789abcdef";
export const SECRET = "sk-upstream-secret-0001";

export interface Scene {
  gateway: Gateway;
  upstream: MockSocketServer;
  /** What a new connection at the provider does; set by each test. */
  play: (socket: MockSocket) => void;
  refuse: Refuse;
  /** The latest connection at the provider. */
  socket(): MockSocket | undefined;
  /** The records that tests have not seen yet. */
  written: NewRecords;
  /** Ends a session; there must be one record of it. */
  recordOf(client: TestClient): Promise<RequestRecord>;
  stop(): Promise<void>;
}

/** A gateway before a provider of WebSockets. */
export async function startScene(governance: object = {}, more: object = {}, bounds: object = {}): Promise<Scene> {
  const scene: Pick<Scene, "play" | "refuse"> = { play: () => {}, refuse: () => null };
  const upstream = await startSocketServer(
    (socket) => scene.play(socket),
    (path, headers) => scene.refuse(path, headers),
  );
  const key = (name: string, value: string, models: string[], extra: object = {}) => ({
    name,
    value,
    provider_configs: [
      { provider: "openai", allowed_models: models },
      { provider: "gemini", allowed_models: ["*"] },
      { provider: "dead", allowed_models: ["*"] },
      { provider: "plain", allowed_models: ["*"] },
    ],
    ...extra,
  });
  const network = { first_byte_timeout_ms: 500, max_retries: 0, connect_timeout_ms: 500 };
  const provider = { keys: [{ name: "main", value: SECRET }], network };
  const gateway = await startGateway({
    config: {
      version: 1,
      server: { drain_timeout_ms: 1500, session_idle_timeout_ms: 3000 },
      providers: {
        openai: { ...provider, ...bounds, base_url: `${upstream.url}/v1` },
        gemini: { ...provider, base_url: `${upstream.url}/v1beta`, pricing: { "*": { input: 1, output: 2 } } },
        dead: { ...provider, dialect: "openai-chat", base_url: "http://127.0.0.1:9/v1" },
        plain: { ...provider, dialect: "anthropic-messages", base_url: `${upstream.url}/v1` },
      },
      aliases: {
        voice: "openai/gpt-realtime",
        steady: { targets: [{ provider: "dead", model: "x" }], fallbacks: ["openai/gpt-realtime"] },
      },
      governance: {
        virtual_keys: [key("one", KEY, ["*"], governance), key("two", OTHER_KEY, ["gpt-realtime"])],
      },
      ...more,
    },
  });
  const written = new NewRecords(() => gateway);
  return Object.assign(scene, {
    gateway,
    upstream,
    socket: () => upstream.sockets.at(-1),
    written,
    async recordOf(client: TestClient) {
      client.socket.close();
      await client.closed;
      return written.one();
    },
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  });
}
