import { isJsonObject, type Json } from "../../canonical/json.ts";
import type { RealtimeCodec, ServerReport } from "../../canonical/realtime.ts";
import type { Usage } from "../../canonical/usage.ts";
import { LiveClientSide } from "./live/client-side.ts";
import { decodeLiveUsage } from "./live/live-usage.ts";
import { LiveProviderSide } from "./live/provider-side.ts";

/** The Live API (`BidiGenerateContent`): https://ai.google.dev/api/live */
export const live: RealtimeCodec = {
  modelIn: "first_message",
  modelOf(_query, { setup }) {
    const model = isJsonObject(setup) ? setup["model"] : undefined;
    return typeof model === "string" ? model.replace(/^models\//, "") : undefined;
  },
  path: ({ version }) =>
    `/ws/google.ai.generativelanguage.${version ?? "v1beta"}.GenerativeService.BidiGenerateContent`,
  modelSlots: ({ setup }) =>
    isJsonObject(setup) && setup["model"] !== undefined ? [{ holder: setup, key: "model", role: "session" }] : [],
  readServer,
  encodeError: () => null,
  checkTranslatable: () => {},
  createClientSide: (context) => new LiveClientSide(context),
  createProviderSide: (context) => new LiveProviderSide(context),
  transcriber: null,
};

const CHARACTERS_PER_TOKEN = 4;
/** 25 tokens are a second of speech, of 24,000 samples of 16 bits, in base64: https://ai.google.dev/gemini-api/docs/live-guide */
const AUDIO_CHARACTERS_PER_TOKEN = 2560;

/** Usage is that of one turn, not a sum; it may stand beside content. */
function readServer(data: string | Buffer): ServerReport | null {
  const hasContent = data.includes('"modelTurn"');
  const hasUsage = data.includes('"usageMetadata"');
  if (!hasContent && !hasUsage) return null;
  const usage = hasUsage ? usageOf(data) : null;
  const isAudio = data.includes('"inlineData"');
  const tokens = !hasContent
    ? 0
    : Math.ceil(data.length / (isAudio ? AUDIO_CHARACTERS_PER_TOKEN : CHARACTERS_PER_TOKEN));
  return { usage, isHelper: false, textTokens: isAudio ? 0 : tokens, audioTokens: isAudio ? tokens : 0 };
}

function usageOf(data: string | Buffer): Usage | null {
  try {
    const message = JSON.parse(data.toString()) as Json;
    return isJsonObject(message) ? decodeLiveUsage(message["usageMetadata"]) : null;
  } catch {
    return null;
  }
}
