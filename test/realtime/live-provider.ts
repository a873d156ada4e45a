import type { MockSocket } from "../mock-upstream/socket-server.ts";

export type LiveMessage = Record<string, unknown>;

/** A second of silence per 24,000 samples, as the Live API sends sound. */
export const SOUND = Buffer.alloc(4800, 1).toString("base64");

export const LIVE_USAGE = {
  promptTokenCount: 30,
  responseTokenCount: 12,
  totalTokenCount: 42,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: 10 },
    { modality: "AUDIO", tokenCount: 20 },
  ],
  responseTokensDetails: [{ modality: "AUDIO", tokenCount: 12 }],
};

/** JSON in a binary frame, as the Live API answers. */
export function tell(socket: MockSocket, ...messages: LiveMessage[]): void {
  for (const message of messages) socket.binary(Buffer.from(JSON.stringify(message)));
}

/** What a Live session says when it speaks. */
export function spoken(text: string): LiveMessage[] {
  const blob = { mimeType: "audio/pcm;rate=24000", data: SOUND };
  return [
    { serverContent: { modelTurn: { parts: [{ inlineData: blob }] } } },
    { serverContent: { outputTranscription: { text } } },
    { serverContent: { generationComplete: true } },
    { serverContent: { turnComplete: true }, usageMetadata: LIVE_USAGE },
  ];
}

export const written = (text: string): LiveMessage => ({ serverContent: { modelTurn: { parts: [{ text }] } } });
export const DONE: LiveMessage = { serverContent: { turnComplete: true }, usageMetadata: LIVE_USAGE };

/** Confirms the set-up, and hands every other message to `answer`. */
export function speakLive(socket: MockSocket, answer: (message: LiveMessage, setup: LiveMessage) => void): void {
  let setup: LiveMessage | null = null;
  socket.onMessage = (bytes) => {
    const message = JSON.parse(bytes.toString()) as LiveMessage;
    if (setup === null) {
      setup = message["setup"] as LiveMessage;
      return tell(socket, { setupComplete: {} });
    }
    answer(message, setup);
  };
}

/** What a provider was told, parsed. */
export function toldTo(socket: MockSocket | undefined): LiveMessage[] {
  return (socket?.messages ?? []).map((message) => JSON.parse(message.toString()) as LiveMessage);
}
