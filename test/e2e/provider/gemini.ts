import type { Loose } from "../reading/loose.ts";
import { pieces, type Answer, type WireAnswer } from "./answer.ts";
import { checkFields, demand, nothingAsked, say, type Asked } from "./asked.ts";

/** GenerateContentRequest: https://ai.google.dev/api/generate-content#request-body */
const FIELDS =
  "contents tools toolConfig safetySettings systemInstruction generationConfig cachedContent labels serviceTier".split(
    " ",
  );
const CONFIG_FIELDS = [
  ..."stopSequences responseMimeType responseSchema responseJsonSchema responseModalities candidateCount".split(" "),
  ..."maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseLogprobs logprobs".split(" "),
  ..."enableEnhancedCivicAnswers speechConfig thinkingConfig imageConfig mediaResolution".split(" "),
];
const PART_FIELDS = "text thought thoughtSignature functionCall functionResponse inlineData fileData".split(" ");

/** Reads a generateContent request; throws what the API would refuse. */
export function readGeminiRequest(path: string, body: Loose): Asked {
  const [, model = "", method = ""] = /\/models\/([^/:]+):(\w+)/.exec(path) ?? [];
  const request = method === "countTokens" ? (body.generateContentRequest ?? body) : body;
  const { model: _, ...rest } = request;
  checkFields("request", rest, FIELDS);
  checkFields("generationConfig", request.generationConfig ?? {}, CONFIG_FIELDS);
  const asked = nothingAsked(model);
  asked.stream = method === "streamGenerateContent";
  demand(!asked.stream || path.endsWith("?alt=sse"), "a stream without alt=sse");
  const config = request.generationConfig ?? {};
  asked.maxTokens = config.maxOutputTokens;
  asked.schema = config.responseJsonSchema ?? config.responseSchema ?? null;
  asked.system = (request.systemInstruction?.parts ?? []).map((part: Loose) => part.text).join("");
  for (const content of request.contents) readContent(asked, content);
  demand(asked.results.length === asked.calls.length, "as many results as calls");
  for (const tool of (request.tools ?? []).flatMap((each: Loose) => each.functionDeclarations ?? [])) {
    const parameters = tool.parametersJsonSchema ?? tool.parameters;
    asked.tools.push({ name: tool.name, description: tool.description ?? "", parameters });
  }
  const choice = request.toolConfig?.functionCallingConfig;
  const words: Record<string, Asked["choice"]> = { AUTO: "auto", ANY: "required", NONE: "none" };
  const [only] = choice?.allowedFunctionNames ?? [];
  asked.choice = only === undefined ? (words[choice?.mode] ?? null) : { name: only };
  return asked;
}

/** For calls that another model made: https://ai.google.dev/gemini-api/docs/thought-signatures#faqs */
const NO_SIGNATURE = "skip_thought_signature_validator";

function readContent(asked: Asked, content: Loose): void {
  demand(content.parts.length > 0, "a content without parts");
  const role = content.role === "model" ? "assistant" : "user";
  for (const part of content.parts) {
    checkFields("part", part, PART_FIELDS);
    if (part.thoughtSignature !== undefined && part.thoughtSignature !== NO_SIGNATURE)
      asked.secrets.push(part.thoughtSignature);
    if (part.functionCall !== undefined) {
      const { id, name, args } = part.functionCall;
      asked.calls.push({ id: id ?? name, name, arguments: args });
    } else if (part.functionResponse !== undefined) {
      const { id, name, response } = part.functionResponse;
      demand(
        asked.calls.some((call) => call.name === name),
        `a result of ${name}, which was not called`,
      );
      asked.results.push({ id: id ?? name, text: Object.values(response).join("") });
    } else if (part.thought !== true) say(asked, role, part.text ?? "");
  }
}

const ENDINGS = { stop: "STOP", tool_calls: "STOP", length: "MAX_TOKENS", filter: "SAFETY" };

/** Writes an answer as the Gemini API does: a refusal has no words there. */
export function writeGemini(answer: Answer): WireAnswer {
  const { thought, text, calls = [] } = answer;
  const callParts = calls.map((call, at) => ({
    functionCall: { id: call.id, name: call.name, args: call.arguments },
    ...(at === 0 && thought !== undefined && { thoughtSignature: thought.secret }),
  }));
  const parts = [
    ...(thought === undefined ? [] : [{ text: thought.text, thought: true }]),
    ...(text === undefined ? [] : [{ text }]),
    ...callParts,
  ];
  const candidate = {
    ...(parts.length > 0 && { content: { parts, role: "model" } }),
    finishReason: ENDINGS[answer.ending],
    index: 0,
  };
  const whole = { candidates: [candidate], usageMetadata: usageOf(answer), ...TAIL };
  const steps = [
    ...pieces(thought?.text ?? "", 9).map((piece) => ({ text: piece, thought: true })),
    ...pieces(text ?? "", 9).map((piece) => ({ text: piece })),
    ...callParts,
  ];
  const chunks: object[] = steps.map((part) => chunk(answer, { content: { parts: [part], role: "model" }, index: 0 }));
  chunks.push(
    chunk(answer, {
      content: { parts: [{ text: "" }], role: "model" },
      finishReason: ENDINGS[answer.ending],
      index: 0,
    }),
  );
  return { whole, events: chunks.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`) };
}

const TAIL = { modelVersion: "host-model-2025", responseId: "kJ7raP6sNNuQxN8P" };

function chunk(answer: Answer, candidate: object): object {
  return { candidates: [candidate], usageMetadata: usageOf(answer), ...TAIL };
}

function usageOf({ usage }: Answer): object {
  const { input, cached, output, reasoning } = usage;
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - reasoning,
    totalTokenCount: input + output,
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: input }],
  };
}
