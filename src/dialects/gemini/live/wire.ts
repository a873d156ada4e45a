/** Names that clients and servers may also write in snake case, as proto JSON allows: https://ai.google.dev/api/live */
export const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  "setup",
  "clientContent",
  "realtimeInput",
  "toolResponse",
  "serverContent",
  "toolCall",
  "toolCallCancellation",
  "usageMetadata",
  "goAway",
  "voiceActivity",
  "sessionResumptionUpdate",
]);

export const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  "turns",
  "turnComplete",
  "turnCompleteReason",
  "modelTurn",
  "interrupted",
  "generationComplete",
  "inputTranscription",
  "outputTranscription",
]);

export const INPUT_FIELDS: ReadonlySet<string> = new Set([
  "audio",
  "video",
  "text",
  "mediaChunks",
  "audioStreamEnd",
  "activityStart",
  "activityEnd",
]);

export const PART_FIELDS: ReadonlySet<string> = new Set([
  "text",
  "inlineData",
  "mimeType",
  "functionCall",
  "functionResponse",
]);

export const SETUP_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "generationConfig",
  "systemInstruction",
  "tools",
  "realtimeInputConfig",
  "inputAudioTranscription",
  "outputAudioTranscription",
  "sessionResumption",
  "contextWindowCompression",
  "proactivity",
  "historyConfig",
]);

export const GENERATION_FIELDS: ReadonlySet<string> = new Set([
  "responseModalities",
  "maxOutputTokens",
  "temperature",
  "speechConfig",
]);

export const DETECTION_FIELDS: ReadonlySet<string> = new Set([
  "automaticActivityDetection",
  "activityHandling",
  "turnCoverage",
  "disabled",
  "startOfSpeechSensitivity",
  "endOfSpeechSensitivity",
  "prefixPaddingMs",
  "silenceDurationMs",
]);

export const VOICE_FIELDS: ReadonlySet<string> = new Set([
  "voiceConfig",
  "multiSpeakerVoiceConfig",
  "prebuiltVoiceConfig",
  "voiceName",
  "languageCode",
  "languageCodes",
]);
