import { checkMatrix, type Matrix } from "./media-matrix.ts";

const file = { filename: "said.mp3", contentType: "application/octet-stream", text: "an mp3 file" };

const deepgram = {
  metadata: { duration: 2.5 },
  results: {
    channels: [
      {
        detected_language: "en",
        alternatives: [
          {
            transcript: "Hello there.",
            words: [
              { word: "hello", punctuated_word: "Hello", start: 0.1, end: 0.5, speaker: 0 },
              { word: "there", punctuated_word: "there.", start: 0.6, end: 1, speaker: 0 },
            ],
          },
        ],
      },
    ],
    utterances: [{ transcript: "Hello there.", start: 0.1, end: 1, speaker: 0 }],
  },
};
const elevenlabs = {
  text: "Hello there.",
  language_code: "eng",
  words: [
    { text: "Hello", type: "word", start: 0.1, end: 0.5, speaker_id: "speaker_0", logprob: 0 },
    { text: " ", type: "spacing", start: 0.5, end: 0.6, logprob: 0 },
    { text: "there.", type: "word", start: 0.6, end: 1, speaker_id: "speaker_0", logprob: 0 },
  ],
};
const assemblyai = {
  id: "t1",
  status: "completed",
  text: "Hello there.",
  language_code: "en",
  audio_duration: 3,
  words: [{ text: "Hello", start: 100, end: 500, speaker: "A" }],
  utterances: [{ text: "Hello there.", start: 100, end: 1000, speaker: "A" }],
};
const gemini = {
  candidates: [{ content: { parts: [{ text: "Hello there.\n" }] }, finishReason: "STOP" }],
  usageMetadata: {
    promptTokenCount: 80,
    candidatesTokenCount: 4,
    totalTokenCount: 84,
    promptTokensDetails: [{ modality: "AUDIO", tokenCount: 64 }],
  },
};
const openai = {
  text: "Hello there.",
  language: "english",
  duration: 2.5,
  segments: [{ id: 0, start: 0, end: 1, text: " Hello there.", tokens: [1] }],
  words: [{ word: "Hello", start: 0.1, end: 0.5 }],
  usage: {
    type: "tokens",
    input_tokens: 25,
    output_tokens: 4,
    total_tokens: 29,
    input_token_details: { audio_tokens: 25 },
  },
};
const everywhere = {
  assemblyai: { json: assemblyai },
  deepgram: { json: deepgram },
  elevenlabs: { json: elevenlabs },
  gemini: { json: gemini },
  openai: { json: openai },
};

const transcription: Matrix = {
  operation: "transcription",
  client: "openai",
  models: {
    assemblyai: "universal-2",
    deepgram: "nova-3",
    elevenlabs: "scribe_v2",
    gemini: "gemini-2.5-flash",
    openai: "gpt-4o-transcribe",
  },
  requests: [
    { name: "plain", body: { fields: {}, files: { file } } },
    {
      name: "all-options",
      body: {
        fields: {
          language: "en",
          prompt: "Trunkline",
          response_format: "verbose_json",
          temperature: "0.2",
          "timestamp_granularities[]": ["word", "segment"],
          chunking_strategy: "auto",
          stream: "true",
        },
        files: { file },
      },
    },
    { name: "text", body: { fields: { response_format: "text" }, files: { file } } },
    { name: "srt", body: { fields: { response_format: "srt" }, files: { file } } },
    { name: "vtt", body: { fields: { response_format: "vtt" }, files: { file } } },
    { name: "speakers", body: { fields: { response_format: "diarized_json" }, files: { file } } },
    { name: "by-address", body: { fields: { url: "https://x/y.mp3" }, files: {} } },
    { name: "no-file", body: { fields: {}, files: {} } },
    { name: "unknown-format", body: { fields: { response_format: "docx" }, files: { file } } },
  ],
  answers: [
    { name: "json", to: "plain", said: everywhere },
    { name: "verbose", to: "all-options", said: everywhere },
    {
      name: "text",
      to: "text",
      said: { ...everywhere, openai: { contentType: "text/plain", text: "Hello there.\n" } },
    },
    { name: "srt", to: "srt", said: everywhere },
    { name: "vtt", to: "vtt", said: everywhere },
    { name: "speakers", to: "speakers", said: everywhere },
    {
      name: "failed",
      to: "plain",
      said: {
        assemblyai: { json: { id: "t1", status: "error", error: "no audio" } },
        gemini: { json: { candidates: [{ finishReason: "SAFETY" }] } },
      },
    },
    {
      name: "mistral",
      to: "plain",
      said: {
        openai: {
          json: {
            model: "voxtral-mini-latest",
            text: "Hello there.",
            language: null,
            segments: [],
            usage: { prompt_audio_seconds: 3, prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 },
          },
        },
      },
    },
  ],
};

checkMatrix(transcription);

checkMatrix({
  operation: "translation",
  client: "openai",
  models: { gemini: "gemini-2.5-flash", openai: "whisper-1" },
  requests: [{ name: "plain", body: { fields: { prompt: "Names" }, files: { file } } }],
  answers: [{ name: "json", to: "plain", said: { gemini: { json: gemini }, openai: { json: { text: "Hello" } } } }],
});
