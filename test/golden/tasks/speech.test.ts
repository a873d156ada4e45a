import { checkMatrix } from "./media-matrix.ts";

const audio = (mimeType: string): object => ({
  candidates: [{ content: { parts: [{ inlineData: { mimeType, data: Buffer.from("pcm!").toString("base64") } }] } }],
  usageMetadata: {
    promptTokenCount: 4,
    candidatesTokenCount: 50,
    totalTokenCount: 54,
    candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 50 }],
  },
});

checkMatrix({
  operation: "speech",
  client: "openai",
  models: {
    deepgram: "aura-2-thalia-en",
    elevenlabs: "eleven_v3",
    gemini: "gemini-2.5-flash-preview-tts",
    openai: "tts-1",
  },
  requests: [
    { name: "plain", body: { json: { input: "Hello there.", voice: "alloy" } } },
    {
      name: "all-options",
      body: {
        json: {
          input: "Hello there.",
          voice: { id: "voice_1" },
          instructions: "Whisper",
          response_format: "flac",
          speed: 1.5,
          stream_format: "sse",
          seed: 3,
        },
      },
    },
    { name: "samples", body: { json: { input: "Hello there.", voice: "Puck", response_format: "pcm" } } },
    { name: "wav-without-voice", body: { json: { input: "Hello there.", response_format: "wav" } } },
    { name: "unknown-format", body: { json: { input: "Hello there.", response_format: "midi" } } },
  ],
  answers: [
    {
      name: "audio",
      to: "plain",
      said: {
        deepgram: { contentType: "audio/mpeg", text: "mp3" },
        elevenlabs: { contentType: "audio/mpeg", text: "mp3" },
        gemini: { json: audio("audio/L16;codec=pcm;rate=16000") as never },
        openai: { contentType: "audio/mpeg", text: "mp3" },
      },
    },
    { name: "samples", to: "samples", said: { gemini: { json: audio("audio/L16;codec=pcm;rate=24000") as never } } },
    {
      name: "none",
      to: "plain",
      said: { gemini: { json: { candidates: [{ content: { parts: [{ text: "No." }] }, finishReason: "OTHER" }] } } },
    },
  ],
});
