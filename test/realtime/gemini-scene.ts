import type { MockSocket } from "../mock-upstream/socket-server.ts";
import { connect, type TestClient } from "./client.ts";
import { speakLive, spoken, tell } from "./live-provider.ts";
import { KEY, startScene, type Scene } from "./scene.ts";

export const MODEL = "gemini/gemini-2.5-flash-native-audio";

/** Clients of OpenAI Realtime before Gemini Live. */
export interface GeminiScene extends Scene {
  /** Begins a session; the query defaults to one that names `MODEL`. */
  open(query?: string): TestClient;
}

export async function startGeminiScene(): Promise<GeminiScene> {
  const scene = await startScene();
  const options = { headers: { authorization: `Bearer ${KEY}` } };
  return Object.assign(scene, {
    open: (query = `?model=${MODEL}`) => connect(`${scene.gateway.url}/v1/realtime${query}`, options),
  });
}

/** Answers what the client writes and what it says. */
export function answerTurns(socket: MockSocket): void {
  speakLive(socket, ({ clientContent, realtimeInput }) => {
    if ((clientContent as { turnComplete?: boolean } | undefined)?.turnComplete === true)
      tell(socket, ...spoken("Hello there"));
    if ((realtimeInput as { activityEnd?: object } | undefined)?.activityEnd !== undefined)
      tell(socket, ...spoken("I heard you"));
  });
}
