import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Warning } from "../../canonical/warning.ts";
import { gemini } from "./index.ts";

const decode = (body: JsonObject): ChatRequest => gemini.decodeRequest({ body, pathModel: "models/gemini-2.5-flash" });

function roundTrip(body: JsonObject, model = "gemini-2.5-flash"): { body: JsonObject; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const encoded = gemini.encodeRequest(decode(structuredClone(body)), { model, warnings, flags: {} });
  return { body: encoded.body, warnings };
}

const user = (...parts: JsonObject[]): JsonObject => ({ role: "user", parts });
const model = (...parts: JsonObject[]): JsonObject => ({ role: "model", parts });

const SAME: Record<string, JsonObject> = {
  "text only": { contents: [user({ text: "hi" })] },
  "no role, several parts": { contents: [{ parts: [{ text: "a" }, { text: "b" }] }] },
  "contents of one role in a row": {
    contents: [
      user({ text: "a" }),
      user({ text: "b" }),
      model({ text: "c" }),
      model({ text: "d", thoughtSignature: "c2ln" }),
    ],
  },
  "empty text and signed text": {
    contents: [model({ text: "" }, { text: "x", thoughtSignature: "c2ln" }, { text: "", thoughtSignature: "c2" })],
  },
  "a content without parts": {
    contents: [user({ text: "a" }), { role: "model" }, { role: "model", parts: [] }, user({ text: "b" })],
  },
  thoughts: {
    contents: [
      model({ text: "a", thought: true }, { text: "b", thought: true, thoughtSignature: "c2ln" }, { text: "c" }),
    ],
  },
  "parallel calls and results without ids": {
    contents: [
      user({ text: "go" }),
      model(
        { text: "ok" },
        { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "c2ln" },
        { functionCall: { name: "g" } },
      ),
      user(
        { functionResponse: { name: "f", response: { output: "1" } } },
        { functionResponse: { name: "g", response: { error: "no" } } },
      ),
      user({ text: "next" }),
    ],
  },
  "results and words in one content": {
    contents: [
      model({ functionCall: { id: "1", name: "f", args: {} } }),
      user(
        { text: "here" },
        { functionResponse: { id: "1", name: "f", response: { a: { b: [1, null] } } } },
        { text: "go on" },
      ),
    ],
  },
  "results in every form": {
    contents: [
      user({ functionResponse: { name: "f", response: { result: "x" } } }),
      user({ functionResponse: { name: "f", response: { output: { deep: true } } } }),
      user({ functionResponse: { name: "f", response: { output: "a", error: "b" } } }),
      user({ functionResponse: { name: "f", response: {} } }),
      user({ functionResponse: { name: "f" } }),
      user({ functionResponse: { name: "f", response: { output: 5 }, scheduling: "SILENT", willContinue: false } }),
      user({
        functionResponse: {
          name: "f",
          response: { output: "see" },
          parts: [{ inlineData: { mimeType: "image/png", data: "aGk=", displayName: "a.png" } }],
        },
      }),
    ],
  },
  "an older role of results": {
    contents: [{ role: "function", parts: [{ functionResponse: { name: "f", response: { output: "1" } } }] }],
  },
  media: {
    contents: [
      user(
        { inlineData: { mimeType: "image/png", data: "aGk=" } },
        { inlineData: { mimeType: "audio/wav", data: "aGk=" }, mediaResolution: { level: "MEDIA_RESOLUTION_LOW" } },
        { inlineData: { mimeType: "application/pdf", data: "aGk=", displayName: "a.pdf" } },
        { inlineData: { data: "aGk=" } },
        { fileData: { mimeType: "video/mp4", fileUri: "gs://b/v" }, videoMetadata: { fps: 2, startOffset: "1s" } },
        { fileData: { fileUri: "https://www.youtube.com/watch?v=x" } },
        { fileData: { mimeType: "text/plain", fileUri: "https://generativelanguage.googleapis.com/v1beta/files/abc" } },
      ),
    ],
  },
  "provider-run tools and unknown parts": {
    contents: [
      model(
        { executableCode: { language: "PYTHON", code: "1" }, thoughtSignature: "c2ln" },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
        { toolCall: { id: "t", toolType: "GOOGLE_SEARCH_WEB", args: {} } },
        { toolResponse: { id: "t", toolType: "GOOGLE_SEARCH_WEB", response: {} } },
        { somethingNew: { x: 1 } },
        { text: "done", partMetadata: { a_b: 1 } },
        { inlineData: { mimeType: "image/png", data: "aGk=" }, thought: true },
        { inlineData: { mimeType: "image/png", data: "aGk=" }, thoughtSignature: "c2ln" },
      ),
    ],
  },
  "opaque first, in a second content": {
    contents: [model({ text: "a" }), model({ executableCode: { code: "1" } }), user({ text: "b" })],
  },
  "system instruction of several parts": {
    systemInstruction: { role: "user", parts: [{ text: "a" }, { text: "b" }] },
    contents: [user({ text: "c" })],
  },
  "tools in several groups": {
    contents: [user({ text: "a" })],
    tools: [
      {
        functionDeclarations: [
          {
            name: "f",
            description: "d",
            parameters: { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } },
          },
        ],
      },
      {
        googleSearch: { timeRangeFilter: {} },
        urlContext: {},
        functionDeclarations: [
          { name: "g", parametersJsonSchema: { type: "object" }, response: { type: "STRING" }, behavior: "BLOCKING" },
        ],
      },
      { codeExecution: {} },
      { fileSearch: { fileSearchStoreNames: ["a"] } },
      { computerUse: { environment: "ENVIRONMENT_BROWSER" } },
      { googleMaps: {} },
      { googleSearchRetrieval: { dynamicRetrievalConfig: { mode: "MODE_DYNAMIC" } } },
    ],
    toolConfig: { retrievalConfig: { languageCode: "de" }, includeServerSideToolInvocations: true },
  },
  "everything in the config": {
    contents: [user({ text: "a" })],
    generationConfig: {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      candidateCount: 2,
      maxOutputTokens: 9,
      stopSequences: ["a", "b"],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      responseLogprobs: true,
      logprobs: 3,
      responseModalities: ["TEXT", "IMAGE"],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } },
      imageConfig: { aspectRatio: "1:1" },
      mediaResolution: "MEDIA_RESOLUTION_LOW",
      thinkingConfig: { thinkingBudget: -1, includeThoughts: true },
      newThing: null,
    },
    safetySettings: [{ category: "HARM_CATEGORY_HATE_SPEECH", threshold: "OFF" }],
    cachedContent: "cachedContents/x",
    labels: { team: "a" },
    serviceTier: "flex",
    store: false,
    unknownField: { a: 1 },
  },
  "an OpenAPI response schema": {
    contents: [user({ text: "a" })],
    generationConfig: {
      responseMimeType: "application/json",
      responseSchema: { type: "OBJECT", properties: { a: { type: "INTEGER" } }, propertyOrdering: ["a"] },
    },
  },
  "plain JSON": { contents: [user({ text: "a" })], generationConfig: { responseMimeType: "application/json" } },
  "an enum answer": {
    contents: [user({ text: "a" })],
    generationConfig: { responseMimeType: "text/x.enum", responseSchema: { type: "STRING", enum: ["a"] } },
  },
  "an explicit plain text answer": {
    contents: [user({ text: "a" })],
    generationConfig: { responseMimeType: "text/plain" },
  },
  "an empty config": { contents: [user({ text: "a" })], generationConfig: {}, toolConfig: {} },
};

const CHOICES: JsonObject[] = [
  { mode: "AUTO" },
  { mode: "NONE" },
  { mode: "ANY" },
  { mode: "ANY", allowedFunctionNames: ["f"] },
  { mode: "ANY", allowedFunctionNames: ["f", "g"] },
  { mode: "VALIDATED" },
  { mode: "VALIDATED", allowedFunctionNames: ["f"] },
  { mode: "MODE_UNSPECIFIED" },
  { mode: "AUTO", streamFunctionCallArguments: true },
  {},
];

describe("a request of a Gemini client", () => {
  test.each(Object.entries(SAME))("comes out as it came: %s", (_, body) => {
    const result = roundTrip(body);
    expect(result.body).toEqual(body);
    expect(result.warnings).toEqual([]);
  });

  test.each(CHOICES.map((config) => [JSON.stringify(config), config] as const))(
    "keeps the tool choice %s",
    (_, config) => {
      const body = {
        contents: [user({ text: "a" })],
        tools: [{ functionDeclarations: [{ name: "f" }, { name: "g" }] }],
        toolConfig: { functionCallingConfig: config },
      };
      expect(roundTrip(body).body).toEqual(body);
    },
  );

  test("may spell fields in snake_case", () => {
    const body = {
      system_instruction: { parts: [{ text: "s" }] },
      contents: [
        user(
          { inline_data: { mime_type: "image/png", data: "aGk=" } },
          { file_data: { mime_type: "video/mp4", file_uri: "gs://a" }, video_metadata: { fps: 1 } },
        ),
        model({ function_call: { name: "f", args: { snake_arg: 1 } }, thought_signature: "c2ln" }),
        user({ function_response: { name: "f", response: { snake_key: 1 } } }),
      ],
      tools: [
        {
          function_declarations: [
            { name: "f", parameters_json_schema: { type: "object", properties: { snake_prop: {} } } },
          ],
        },
        { google_search: {} },
      ],
      tool_config: { function_calling_config: { mode: "ANY", allowed_function_names: ["f"] } },
      generation_config: {
        max_output_tokens: 5,
        response_mime_type: "application/json",
        thinking_config: { thinking_budget: 3 },
      },
      safety_settings: [],
      cached_content: "c",
    };
    expect(roundTrip(body).body).toEqual({
      systemInstruction: { parts: [{ text: "s" }] },
      contents: [
        user(
          { inlineData: { mimeType: "image/png", data: "aGk=" } },
          { fileData: { mimeType: "video/mp4", fileUri: "gs://a" }, videoMetadata: { fps: 1 } },
        ),
        model({ functionCall: { name: "f", args: { snake_arg: 1 } }, thoughtSignature: "c2ln" }),
        user({ functionResponse: { name: "f", response: { snake_key: 1 } } }),
      ],
      tools: [
        {
          functionDeclarations: [
            { name: "f", parametersJsonSchema: { type: "object", properties: { snake_prop: {} } } },
          ],
        },
        { googleSearch: {} },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
      generationConfig: {
        maxOutputTokens: 5,
        responseMimeType: "application/json",
        thinkingConfig: { thinkingBudget: 3 },
      },
      safetySettings: [],
      cachedContent: "c",
    });
  });

  test("gets the same made-up call ids every time, matched by name and order", () => {
    const { items } = decode({
      contents: [
        model({ functionCall: { name: "f" } }, { functionCall: { name: "g" } }, { functionCall: { name: "f" } }),
        user(
          { functionResponse: { name: "f" } },
          { functionResponse: { name: "f" } },
          { functionResponse: { name: "g" } },
        ),
      ],
    });
    const ids = items.map((item) => (item.type === "tool_call" || item.type === "tool_result" ? item.callId : ""));
    expect(ids).toEqual([
      "call_gemini_1",
      "call_gemini_2",
      "call_gemini_3",
      "call_gemini_1",
      "call_gemini_3",
      "call_gemini_2",
    ]);
  });

  test("has its tool results as readable text", () => {
    const { items } = decode({ contents: SAME["results in every form"]?.contents });
    const texts = items.map((item) =>
      item.type === "tool_result" && item.content[0]?.type === "text" ? item.content[0].text : null,
    );
    expect(texts).toEqual(["x", '{"deep":true}', '{"output":"a","error":"b"}', "{}", null, "5", "see"]);
    expect(items.at(-1)).toMatchObject({ content: [{ type: "text" }, { type: "image", mediaType: "image/png" }] });
  });

  test("does not bring a redacted tool result back from a copy", () => {
    const request = decode({ contents: [user({ functionResponse: { name: "f", response: { ssn: "123" } } })] });
    const item = request.items[0];
    if (item?.type !== "tool_result") throw new Error("no result");
    item.content = [{ type: "text", text: "[removed]" }];
    const { body } = gemini.encodeRequest(request, { model: "gemini-3-pro", warnings: [], flags: {} });
    expect(JSON.stringify(body)).not.toContain("123");
    expect(JSON.stringify(body)).toContain("[removed]");
  });

  test("survives prototype keys, and keeps them in arguments", () => {
    const body = JSON.parse(
      '{"__proto__":{"a":1},"contents":[{"__proto__":{},"x_y":1,"parts":[{"functionCall":{"name":"f","args":{"__proto__":{"polluted":1}}}}]}]}',
    ) as JsonObject;
    const request = decode(body);
    expect(request.items[0]).toMatchObject({ arguments: '{"__proto__":{"polluted":1}}' });
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  test.each([
    [{ contents: 5 }, "contents"],
    [{ contents: ["x"] }, "contents[0]"],
    [{ contents: [{ parts: "x" }] }, "contents[0].parts"],
    [{ contents: [{ parts: [{ text: "a" }, 7] }] }, "contents[0].parts[1]"],
    [{ contents: [{ role: "wizard", parts: [] }] }, "contents[0].role"],
    [{ contents: [], systemInstruction: 4 }, "systemInstruction"],
    [{ contents: [], generationConfig: [] }, "generationConfig"],
  ] as Array<[JsonObject, string]>)("is refused by the name of the field: %j", (body, param) => {
    const attempt = (): ChatRequest => decode(body);
    expect(attempt).toThrow(GatewayError);
    expect(attempt).toThrow(expect.objectContaining({ code: "invalid_request", fields: { param } }));
  });

  test("takes its model and stream from the path", () => {
    const request = gemini.decodeRequest({ body: { contents: "hi" }, pathModel: "models/gemini-x", pathStream: true });
    expect(request).toMatchObject({ model: "gemini-x", stream: true, items: [{ role: "user" }] });
  });

  test("of countTokens may be wrapped", () => {
    const request = gemini.decodeRequest({
      body: { generateContentRequest: { model: "models/m", contents: [user({ text: "a" })] } },
    });
    expect(request).toMatchObject({ model: "m", items: [{ content: [{ text: "a" }] }] });
    const target = { model: "gemini-2.5-pro", warnings: [], flags: {} };
    expect(gemini.countTokens?.encodeRequest(request, target)).toEqual({
      path: "/models/gemini-2.5-pro:countTokens",
      body: { generateContentRequest: { model: "models/gemini-2.5-pro", contents: [user({ text: "a" })] } },
      headers: {},
    });
    expect(gemini.countTokens?.decodeResponse({ totalTokens: 3 })).toBe(3);
    expect(() => gemini.countTokens?.decodeResponse({})).toThrow("totalTokens");
  });
});

describe("paths", () => {
  test.each([
    ["gemini-2.5-pro", false, "/models/gemini-2.5-pro:generateContent"],
    ["gemini-2.5-pro", true, "/models/gemini-2.5-pro:streamGenerateContent?alt=sse"],
    ["tunedModels/x", false, "/tunedModels/x:generateContent"],
    ["a?b#c", false, "/models/a%3Fb%23c:generateContent"],
  ] as const)("%s %p", (name, stream, path) => {
    expect(gemini.relayPath(name, stream)).toBe(path);
  });

  test("an id does not climb out of the API's path", () => {
    expect(() => gemini.relayPath("../../v1/files/x", false)).toThrow("empty or dot segments");
  });
});
