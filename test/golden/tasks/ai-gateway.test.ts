import { checkMatrix } from "./media-matrix.ts";

const IMAGE = Buffer.from("image").toString("base64");
const VERCEL = "openai/gpt-image-1";
const file = { type: "file", mediaType: "image/png", data: IMAGE };
const made = { images: [IMAGE], warnings: [], usage: { inputTokens: 9, outputTokens: 272, totalTokens: 281 } };
const models = {
  "ai-gateway": VERCEL,
  bfl: "flux-kontext-pro",
  fal: "fal-ai/flux/dev",
  gemini: "gemini-2.5-flash-image",
  openai: "gpt-image-1",
  replicate: "black-forest-labs/flux-2-pro",
  stability: "sd3.5-large",
} as const;

checkMatrix({
  operation: "image",
  client: "ai-gateway",
  models,
  requests: [
    { name: "from-the-ai-sdk", body: { json: { prompt: "A cat", n: 1, providerOptions: {} } } },
    { name: "from-the-ai-sdk-with-a-ratio", body: { json: { prompt: "A cat", n: 2, aspectRatio: "16:9", seed: 7 } } },
    {
      name: "from-the-ai-sdk-with-options",
      body: {
        json: {
          prompt: "A cat",
          n: 1,
          size: "1024x1536",
          providerOptions: { openai: { quality: "high", outputFormat: "webp", background: "opaque", user: "u" } },
        },
      },
    },
    {
      name: "from-the-ai-sdk-with-options-of-several",
      body: {
        json: {
          prompt: "A cat",
          n: 1,
          providerOptions: {
            openai: { quality: "high", style: "vivid", moderation: "low" },
            fal: { guidanceScale: 3 },
            google: {},
          },
        },
      },
    },
  ],
  answers: [
    {
      name: "for-the-ai-sdk",
      to: "from-the-ai-sdk",
      said: {
        "ai-gateway": { json: made },
        openai: { json: { created: 5, data: [{ b64_json: IMAGE }], usage: { input_tokens: 9, output_tokens: 272 } } },
        replicate: { json: { id: "p1", status: "succeeded", output: ["https://replicate.delivery/a.webp"] } },
      },
    },
  ],
});

checkMatrix({
  operation: "image_edit",
  client: "ai-gateway",
  models,
  requests: [
    { name: "from-the-ai-sdk", body: { json: { prompt: "A hat", n: 1, files: [file], mask: file } } },
    {
      name: "from-the-ai-sdk-by-url",
      body: { json: { prompt: "A hat", n: 1, files: [{ type: "url", url: "https://x/y.png" }] } },
    },
    { name: "from-the-ai-sdk-without", body: { json: { prompt: "A hat", n: 1, files: [{}] } } },
  ],
  answers: [{ name: "for-the-ai-sdk", to: "from-the-ai-sdk", said: { "ai-gateway": { json: made } } }],
});

checkMatrix({
  operation: "speech",
  client: "ai-gateway",
  models: {
    "ai-gateway": "openai/tts-1",
    deepgram: "aura-2-thalia-en",
    elevenlabs: "eleven_v3",
    gemini: "gemini-2.5-flash-preview-tts",
    openai: "tts-1",
  },
  requests: [
    { name: "from-the-ai-sdk", body: { json: { text: "Hello there.", voice: "alloy", providerOptions: {} } } },
    {
      name: "from-the-ai-sdk-with-options",
      body: {
        json: {
          text: "Hello there.",
          voice: "alloy",
          outputFormat: "midi",
          instructions: "Whisper",
          speed: 1.5,
          language: "en",
        },
      },
    },
    { name: "from-the-ai-sdk-without-text", body: { json: { voice: "alloy" } } },
  ],
  answers: [
    {
      name: "for-the-ai-sdk",
      to: "from-the-ai-sdk",
      said: {
        "ai-gateway": { json: { audio: Buffer.from("mp3").toString("base64"), warnings: [] } },
        openai: { contentType: "audio/mpeg", text: "mp3" },
      },
    },
  ],
});

const audio = Buffer.from("an mp3 file").toString("base64");
const transcript = {
  text: "Hello there.",
  segments: [{ text: "Hello there.", startSecond: 0, endSecond: 1 }],
  language: "en",
  durationInSeconds: 2.5,
  warnings: [],
};

checkMatrix({
  operation: "transcription",
  client: "ai-gateway",
  models: {
    "ai-gateway": "openai/whisper-1",
    assemblyai: "universal-3-pro",
    deepgram: "nova-3",
    elevenlabs: "scribe_v1",
    gemini: "gemini-2.5-flash",
    openai: "whisper-1",
  },
  requests: [
    { name: "from-the-ai-sdk", body: { json: { audio, mediaType: "audio/mpeg", providerOptions: {} } } },
    {
      name: "from-the-ai-sdk-with-options",
      body: {
        json: {
          audio,
          mediaType: "audio/x-wav",
          providerOptions: {
            openai: { language: "en", prompt: "Names", temperature: 0.5, timestampGranularities: ["word", "x"] },
          },
        },
      },
    },
    { name: "from-the-ai-sdk-without", body: { json: { mediaType: "audio/mpeg" } } },
  ],
  answers: [
    {
      name: "for-the-ai-sdk",
      to: "from-the-ai-sdk",
      said: {
        "ai-gateway": { json: transcript },
        openai: {
          json: {
            text: "Hello there.",
            language: "english",
            duration: 2.5,
            segments: [{ id: 0, start: 0, end: 1, text: " Hello there." }],
          },
        },
      },
    },
  ],
});
