import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../canonical/json.ts";
import type { ModelSlot, RealtimeCodec, ServerReport } from "../../canonical/realtime.ts";
import { RealtimeClientSide } from "./realtime/client-side.ts";
import { encodeRealtimeError } from "./realtime/error-event.ts";
import { RealtimeProviderSide } from "./realtime/provider-side.ts";
import { unsupported } from "./realtime/session-view.ts";
import { decodeRealtimeUsage } from "./realtime/usage.ts";

/**
 * OpenAI's Realtime API over WebSocket: https://platform.openai.com/docs/guides/realtime-websocket; events as in
 * https://platform.openai.com/docs/api-reference/realtime, those of its beta too.
 */
export const realtime: RealtimeCodec = {
  modelIn: "query",
  modelOf,
  path({ model, query }) {
    const kept = new URLSearchParams([...query].filter(([name]) => !OWN.has(name)));
    // A transcription session names its model in its configuration only.
    if (kept.get("intent") !== "transcription") kept.set("model", model);
    return `/realtime?${kept.toString()}`;
  },
  modelSlots,
  readServer,
  encodeError,
  checkTranslatable,
  createClientSide: (context) => new RealtimeClientSide(context),
  createProviderSide: (context) => new RealtimeProviderSide(context),
  transcriber: "gpt-4o-mini-transcribe",
};

/** Parameters that name the model, here or at Azure. */
const OWN = new Set(["model", "deployment", "api-version"]);

function modelOf(query: URLSearchParams): string | undefined {
  if (query.has("call_id")) {
    throw new GatewayError("unsupported_operation", "calls (call_id) are not relayed, only sessions of their own", {
      param: "call_id",
    });
  }
  return query.get("model") ?? query.get("deployment") ?? undefined;
}

/** `session.update` and `response.create`; transcription has a model of its own, under one name now and another in the beta. */
function modelSlots({ session, response }: JsonObject): ModelSlot[] {
  const slots: ModelSlot[] = [];
  for (const holder of [session, response]) addSlot(slots, holder, "session");
  const config = objectOf(session);
  addSlot(slots, objectOf(objectOf(config["audio"])["input"])["transcription"], "helper");
  addSlot(slots, config["input_audio_transcription"], "helper");
  return slots;
}

function addSlot(slots: ModelSlot[], holder: Json | undefined, role: ModelSlot["role"]): void {
  if (isJsonObject(holder) && holder["model"] !== undefined) slots.push({ holder, key: "model", role });
}

const CHARACTERS_PER_TOKEN = 4;
/** A token of speech is 50 ms, and 24,000 samples of 16 bits a second are 3,200 characters of base64 then. */
const AUDIO_CHARACTERS_PER_TOKEN = 3200;

/** Pieces of what the user said: the model that wrote them down is charged for them at their end, the session's never. */
const USER_TRANSCRIPT = '"conversation.item.input_audio_transcription.delta"';

function readServer(data: string | Buffer): ServerReport | null {
  if (data.includes(USER_TRANSCRIPT)) return null;
  if (data.includes('.delta"')) {
    const isAudio = data.includes('audio.delta"');
    const tokens = Math.ceil(data.length / (isAudio ? AUDIO_CHARACTERS_PER_TOKEN : CHARACTERS_PER_TOKEN));
    return { usage: null, isHelper: false, textTokens: isAudio ? 0 : tokens, audioTokens: isAudio ? tokens : 0 };
  }
  if (!data.includes('"usage"')) return null;
  const event = parsed(data);
  const report = { isHelper: false, textTokens: 0, audioTokens: 0 };
  if (event["type"] === "response.done")
    return { ...report, usage: decodeRealtimeUsage(objectOf(event["response"])["usage"]) };
  if (event["type"] !== "conversation.item.input_audio_transcription.completed") return null;
  return { ...report, usage: decodeRealtimeUsage(event["usage"]), isHelper: true };
}

function parsed(data: string | Buffer): JsonObject {
  try {
    return objectOf(JSON.parse(data.toString()) as Json);
  } catch {
    return {};
  }
}

/** `RealtimeErrorEvent`. */
function encodeError(error: GatewayError, eventId: string): string {
  return JSON.stringify({ type: "error", event_id: eventId, error: encodeRealtimeError(error, null) });
}

function checkTranslatable(query: URLSearchParams): void {
  if (query.get("intent") === "transcription") throw unsupported("intent");
}
