import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/canonical/errors.ts";
import type { Json, JsonObject } from "../../src/canonical/json.ts";
import type { ClientEvent, ServerEvent, SideContext } from "../../src/canonical/realtime-events.ts";
import type { RealtimeCodec } from "../../src/canonical/realtime.ts";
import { live } from "../../src/dialects/gemini/live.ts";
import { realtime } from "../../src/dialects/openai/realtime.ts";
import { chooserOf } from "../golden/cases/random.ts";
import { mutated } from "../golden/mutate.ts";
import { DONE, spoken, written } from "./live-provider.ts";
import { answerEvents } from "./openai-provider.ts";

const item = (it: JsonObject): JsonObject => ({ type: "conversation.item.create", item: it });

const OPENAI_CLIENT: JsonObject[] = [
  {
    type: "session.update",
    session: {
      type: "realtime",
      instructions: "x",
      output_modalities: ["audio"],
      max_output_tokens: 5,
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      tool_choice: "auto",
      audio: {
        input: { format: { type: "audio/pcmu" }, turn_detection: null, transcription: { language: "en" } },
        output: { format: { type: "audio/pcma" }, voice: "Puck", speed: 1 },
      },
    },
  },
  {
    type: "session.update",
    session: { audio: { input: { turn_detection: { type: "semantic_vad", eagerness: "low" } } } },
  },
  { type: "input_audio_buffer.append", audio: "AAAAAAAA" },
  { type: "input_audio_buffer.commit" },
  { type: "input_audio_buffer.clear" },
  item({
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "x" },
      { type: "input_audio", audio: "AAAA" },
    ],
  }),
  item({ type: "message", role: "user", content: [{ type: "input_image", image_url: "data:image/png;base64,AAAA" }] }),
  item({ type: "function_call", call_id: "a", name: "f", arguments: "{}" }),
  item({ type: "function_call_output", call_id: "a", output: "{}" }),
  { type: "conversation.item.truncate", item_id: "i", content_index: 0, audio_end_ms: 1 },
  { type: "response.create", response: { metadata: { a: "b" }, input: [] } },
  { type: "response.cancel" },
];

const LIVE_CLIENT: JsonObject[] = [
  {
    setup: {
      model: "models/m",
      generationConfig: {
        responseModalities: ["AUDIO"],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "v" } } },
      },
      systemInstruction: { parts: [{ text: "x" }] },
      tools: [{ functionDeclarations: [{ name: "f", parameters: { type: "OBJECT" } }] }],
      realtimeInputConfig: {
        automaticActivityDetection: { silenceDurationMs: 5 },
        activityHandling: "NO_INTERRUPTION",
      },
      inputAudioTranscription: { languageCodes: ["de-DE"] },
      outputAudioTranscription: {},
    },
  },
  {
    clientContent: {
      turns: [{ role: "user", parts: [{ text: "x" }, { inlineData: { mimeType: "image/png", data: "AA" } }] }],
      turnComplete: true,
    },
  },
  { clientContent: { turns: [{ role: "model", parts: [{ functionCall: { id: "a", name: "f", args: {} } }] }] } },
  {
    realtimeInput: {
      audio: { mimeType: "audio/pcm;rate=16000", data: "AAAAAA==" },
      activityStart: {},
      activityEnd: {},
    },
  },
  { realtimeInput: { mediaChunks: [{ mimeType: "audio/pcm", data: "AAAA" }], text: "x", audioStreamEnd: true } },
  { toolResponse: { functionResponses: [{ id: "a", name: "f", response: { output: "x" } }] } },
];

const LIVE_SERVER = [
  { setupComplete: {} },
  ...spoken("x"),
  written("x"),
  DONE,
  { serverContent: { interrupted: true, inputTranscription: { text: "x", finished: true } } },
  { toolCall: { functionCalls: [{ id: "a", name: "f", args: { x: 1 } }] } },
  { toolCallCancellation: { ids: ["a"] } },
  { voiceActivity: { voiceActivityType: "ACTIVITY_START" } },
  { voiceActivity: { voiceActivityType: "ACTIVITY_END" } },
  { goAway: { timeLeft: "5s" } },
] as JsonObject[];

const OPENAI_SERVER = [
  { type: "session.updated", session: {} },
  ...answerEvents("x"),
  { type: "response.output_item.done", item: { type: "function_call", call_id: "a", name: "f", arguments: "{}" } },
  { type: "input_audio_buffer.speech_started", item_id: "i" },
  { type: "conversation.item.input_audio_transcription.delta", item_id: "i", delta: "x" },
  { type: "conversation.item.input_audio_transcription.completed", item_id: "i", transcript: "x" },
  { type: "response.done", response: { status: "cancelled", status_details: { reason: "turn_detected" } } },
  { type: "error", error: { code: "conversation_already_has_active_response", message: "x" } },
] as JsonObject[];

const PAIRS: [string, RealtimeCodec, RealtimeCodec, JsonObject[], JsonObject[]][] = [
  ["OpenAI's client at Gemini", realtime, live, OPENAI_CLIENT, LIVE_SERVER],
  ["Gemini's client at OpenAI", live, realtime, LIVE_CLIENT, OPENAI_SERVER],
];

interface Sent {
  client: JsonObject[];
  upstream: JsonObject[];
}

/** A session of random messages, most of them with something wrong. */
function session(
  client: RealtimeCodec,
  provider: RealtimeCodec,
  mine: JsonObject[],
  theirs: JsonObject[],
  seed: number,
): Sent {
  const chooser = chooserOf(seed);
  const random = (below: number): number => chooser.below(below);
  let ids = 0;
  const context: SideContext = {
    model: "m",
    transcriber: "t",
    newId: (prefix) => `${prefix}${(ids += 1)}`,
    warn: () => {},
  };
  const [asked, served] = [client.createClientSide(context), provider.createProviderSide(context)];
  const out: { client: string[]; upstream: string[] } = { client: [], upstream: [] };
  const heard: ServerEvent[] = [];
  asked.open(out.client);
  if (client === live) pass(mine[0] ?? {});
  for (let round = 0; round < 60; round += 1) {
    const isClient = random(2) === 0;
    const messages = isClient ? mine : theirs;
    const message = messages[random(messages.length)] ?? {};
    const sent = random(3) === 0 ? message : mutated(message, random);
    if (isClient) pass(sent);
    else attempt(() => served.decode(sent, heard, out.upstream));
    for (const event of heard.splice(0)) asked.encode(event, out.client);
  }
  const parsed = (texts: string[]): JsonObject[] => texts.map((text) => JSON.parse(text) as JsonObject);
  return { client: parsed(out.client), upstream: parsed(out.upstream) };

  function pass(message: JsonObject): void {
    const said: ClientEvent[] = [];
    attempt(() => asked.decode(message, said, out.client));
    for (const event of said) served.encode(event, out.upstream, heard);
  }
}

function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

describe.each(PAIRS)("%s", (_, client, provider, mine, theirs) => {
  test("whatever comes is taken, refused or passed over", () => {
    for (const seed of SEEDS) {
      const sent = session(client, provider, mine, theirs, seed);
      if (client === realtime) checkAnswers(sent.client, seed);
      else expect(sent.upstream[0]).toMatchObject({ type: "session.update" });
      if (provider === live && sent.upstream.length > 0) {
        expect(sent.upstream.filter((message) => message["setup"] !== undefined)).toHaveLength(1);
        expect(Object.keys(sent.upstream[0] ?? {})).toEqual(["setup"]);
      }
    }
  });
});

/** Answers begin and end one after the other, and all that belongs to one stands within it, its items whole. */
function checkAnswers(events: readonly JsonObject[], seed: number): void {
  let open: Json = null;
  const items = new Map<unknown, string>();
  for (const { type, ...event } of events) {
    const response = event["response"] as JsonObject | undefined;
    const { id } = (event["item"] ?? {}) as JsonObject;
    if (type === "response.created") {
      expect([seed, open]).toEqual([seed, null]);
      open = response?.["id"] ?? null;
    } else if (type === "response.done") {
      expect([seed, response?.["id"] ?? null]).toEqual([seed, open]);
      open = null;
    } else if (event["response_id"] !== undefined) expect([seed, event["response_id"] ?? null]).toEqual([seed, open]);
    if (type === "conversation.item.added") {
      expect([seed, items.has(id)]).toEqual([seed, false]);
      items.set(id, "added");
    } else if (type === "conversation.item.done") {
      expect([seed, items.get(id)]).toEqual([seed, "added"]);
      items.set(id, "done");
    }
  }
}
