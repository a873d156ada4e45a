import type { JsonObject } from "../../canonical/json.ts";

/**
 * Field names of the messages that this dialect opens, from the API reference
 * (https://ai.google.dev/api/generate-content) and the typings of `@google/genai`. Everything else passes through.
 */

const names = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** GenerateContentRequest. */
export const REQUEST_FIELDS = names(
  "model contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent labels serviceTier store modelArmorConfig continuationToken generateContentRequest",
);

export const CONTENT_FIELDS = names("role parts");

/** Part: its data union, then what may stand beside the data. */
export const PART_FIELDS = names(
  "text inlineData fileData functionCall functionResponse executableCode codeExecutionResult toolCall toolResponse thought thoughtSignature videoMetadata mediaResolution mediaProcessing partMetadata speechMetadata audioTranscription",
);

export const BLOB_FIELDS = names("mimeType data displayName");
export const FILE_DATA_FIELDS = names("mimeType fileUri displayName");
export const FUNCTION_CALL_FIELDS = names("id name args partialArgs willContinue");
export const PARTIAL_ARG_FIELDS = names("jsonPath stringValue numberValue boolValue nullValue willContinue");
export const FUNCTION_RESPONSE_FIELDS = names("id name response parts scheduling willContinue");

export const TOOL_FIELDS = names(
  "functionDeclarations googleSearch googleSearchRetrieval enterpriseWebSearch codeExecution urlContext fileSearch computerUse googleMaps retrieval mcpServers exaAiSearch parallelAiSearch",
);

export const DECLARATION_FIELDS = names(
  "name description parameters parametersJsonSchema response responseJsonSchema behavior",
);

export const TOOL_CONFIG_FIELDS = names("functionCallingConfig retrievalConfig includeServerSideToolInvocations");
export const CALLING_CONFIG_FIELDS = names("mode allowedFunctionNames streamFunctionCallArguments");

export const GENERATION_CONFIG_FIELDS = names(
  "temperature topP topK candidateCount maxOutputTokens stopSequences responseLogprobs logprobs presencePenalty frequencyPenalty seed responseMimeType responseSchema responseJsonSchema responseFormat responseModalities thinkingConfig mediaResolution speechConfig imageConfig audioTimestamp routingConfig modelSelectionConfig enableAffectiveDialog enableEnhancedCivicAnswers audioTranscriptionConfig translationConfig",
);

export const THINKING_FIELDS = names("thinkingBudget thinkingLevel includeThoughts");

/** Schema, the OpenAPI subset of `parameters` and `responseSchema`. */
export const SCHEMA_FIELDS = names(
  "type format title description nullable enum items minItems maxItems properties required minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering default minimum maximum additionalProperties prefixItems oneOf",
);

/** GenerateContentResponse. */
export const RESPONSE_FIELDS = names(
  "candidates usageMetadata modelVersion responseId createTime promptFeedback modelStatus error",
);

export const CANDIDATE_FIELDS = names(
  "content finishReason index finishMessage safetyRatings citationMetadata groundingMetadata urlContextMetadata avgLogprobs logprobsResult tokenCount groundingAttributions continuationToken",
);

/** One Part of a Content, after `camelFields`. */
export type WirePart = JsonObject;

/** One Content. */
export interface WireContent extends JsonObject {
  role?: string;
  parts: WirePart[];
}

/**
 * What this dialect keeps in `extensions.gemini` of an item, so that the same request comes out again.
 * `content`: the item opens a content with these fields, where the default rule would give others.
 * `joined`: the item continues the content before it, where the default rule would open a new one.
 * `noId`: the wire had no call id; ours is made up and not sent back.
 * `noArgs`: the call had no arguments, not even empty ones.
 * `part`, `call`: other fields of the Part, and of its functionCall or functionResponse.
 */
export interface ItemMarks extends JsonObject {
  content?: JsonObject;
  joined?: boolean;
  noId?: boolean;
  noArgs?: boolean;
  part?: JsonObject;
  call?: JsonObject;
}
