import { expect, test } from "bun:test";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import type { FunctionTool, Response, ResponseInput, ResponseInputItem } from "openai/resources/responses/responses";
import { z } from "zod";
import { ANSWERS } from "./provider/answer.ts";
import {
  checkCall,
  checkRecords,
  checkSwitched,
  DIALECTS,
  KEY,
  modelAt,
  secretsOf,
  toldReasoning,
  TURNS,
} from "./sdk/scene.ts";
import { describeEach, useScene } from "./sdk/use-scene.ts";

const at = useScene((url) => new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: KEY, maxRetries: 0 }));

const INPUT: ResponseInput = [
  { role: "user", content: "Bonjour" },
  { role: "assistant", content: "Salut !" },
  { role: "user", content: [{ type: "input_text", text: "Weather in Paris?" }] },
];

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["c", "f"] } },
  required: ["city", "unit"],
  additionalProperties: false,
};

const TOOLS: FunctionTool[] = [
  { type: "function", name: "get_weather", description: "Weather of a city", parameters: PARAMETERS, strict: true },
];

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** The final object, of a call or of a stream. */
async function respond(body: Body, isStream: boolean): Promise<Response> {
  const { stream: _, ...rest } = body;
  return isStream ? at.client.responses.stream(rest).finalResponse() : at.client.responses.create(body);
}

/** An answer's items as the next request carries them; the SDK types the two ways apart. */
function backOf({ output }: Response): ResponseInputItem[] {
  return output as ResponseInputItem[];
}

function callsOf(response: Response): { call_id: string; name: string; arguments: string }[] {
  return response.output.filter((item) => item.type === "function_call");
}

describeEach("openai responses", (dialect, isStream, model) => {
  test("text", async () => {
    at.scene.providers.answerWith("text");
    const response = await respond(
      { model, instructions: "Be brief.", input: INPUT, max_output_tokens: 300 },
      isStream,
    );
    expect(response.output_text).toBe(ANSWERS.text.text);
    expect(response.status).toBe("completed");
    expect(response.usage).toMatchObject({
      input_tokens: 120,
      input_tokens_details: { cached_tokens: 64 },
      output_tokens: 45,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 165,
    });
    checkCall(at.scene, dialect);
    expect(at.scene.asked()).toMatchObject({
      system: "Be brief.",
      turns: TURNS,
      maxTokens: 300,
      stream: isStream,
    });
  });

  test("parallel tool calls and their results", async () => {
    at.scene.providers.answerWith("calls", "final");
    const first = await respond({ model, input: INPUT, tools: TOOLS, tool_choice: "auto", store: false }, isStream);
    expect(first.output_text).toBe(ANSWERS.calls.text);
    expect(callsOf(first)).toMatchObject([
      { call_id: "call_paris_1", name: "get_weather", arguments: '{"city":"Paris","unit":"c"}' },
      { call_id: "call_sao_2", name: "get_weather", arguments: '{"city":"São Paulo","unit":"c"}' },
    ]);
    expect(at.scene.asked().tools).toMatchObject([{ name: "get_weather", description: "Weather of a city" }]);
    expect(at.scene.asked().tools[0]?.parameters).toMatchObject({ type: "object", required: ["city", "unit"] });
    const results: ResponseInputItem[] = callsOf(first).map(({ call_id }) => ({
      type: "function_call_output",
      call_id,
      output: `21 (${call_id})`,
    }));
    const second = await respond(
      { model, input: [...INPUT, ...backOf(first), ...results], tools: TOOLS, store: false },
      isStream,
    );
    expect(second.output_text).toBe(ANSWERS.final.text);
    checkCall(at.scene, dialect);
    expect(at.scene.asked().calls.map((call) => call.arguments)).toEqual(
      ANSWERS.calls.calls.map((call) => call.arguments),
    );
    expect(at.scene.asked().results.map(({ text }) => text)).toEqual(["21 (call_paris_1)", "21 (call_sao_2)"]);
  });

  test("reasoning with state that goes back to its maker", async () => {
    at.scene.providers.answerWith("thought", "final");
    const options: Partial<Body> = {
      tools: TOOLS,
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "low", summary: "auto" },
    };
    const first = await respond({ model, input: INPUT, ...options }, isStream);
    const thought = first.output.find((item) => item.type === "reasoning");
    const readable = [...(thought?.summary ?? []), ...(thought?.content ?? [])].map(({ text }) => text).join("");
    expect(readable).toBe(ANSWERS.thought.thought.text);
    expect(first.usage?.output_tokens_details.reasoning_tokens).toBe(toldReasoning(dialect, 20));
    const result: ResponseInputItem = { type: "function_call_output", call_id: "call_paris_1", output: "21" };
    const input = [...INPUT, ...backOf(first), result];
    await respond({ model, input, ...options }, isStream);
    expect(at.scene.asked().secrets).toEqual(secretsOf(dialect));
    expect(at.scene.headers().get("x-trunkline-warnings") ?? "").not.toContain("dropped_opaque");
    for (const other of DIALECTS.filter((each) => each !== dialect)) {
      at.scene.providers.answerWith("final");
      await respond({ model: modelAt(other), input, tools: TOOLS, store: false }, isStream);
      checkSwitched(at.scene, other, dialect);
    }
  });

  test("parsed structured output", async () => {
    at.scene.providers.answerWith("json");
    const Forecast = z.object({
      city: z.string(),
      days: z.array(z.object({ day: z.string(), celsius: z.number() })),
    });
    const body = { model, input: INPUT, text: { format: zodTextFormat(Forecast, "forecast") } };
    const response = isStream
      ? await at.client.responses.stream(body).finalResponse()
      : await at.client.responses.parse(body);
    expect(response.output_parsed).toEqual({ city: "Paris", days: [{ day: "Mon", celsius: 21 }] });
    expect(at.scene.asked().schema).toMatchObject({
      type: "object",
      properties: {
        city: { type: "string" },
        days: { type: "array", items: { type: "object", required: ["day", "celsius"] } },
      },
      required: ["city", "days"],
    });
  });

  test("a refusal", async () => {
    at.scene.providers.answerWith("refusal");
    const response = await respond({ model, input: INPUT }, isStream);
    const parts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
    if (dialect.startsWith("openai"))
      expect(parts).toMatchObject([{ type: "refusal", refusal: ANSWERS.refusal.refusal }]);
    else expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: "content_filter" } });
  });

  test("an answer cut at the limit", async () => {
    at.scene.providers.answerWith("length");
    const response = await respond({ model, input: INPUT }, isStream);
    expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
    expect(response.output_text).toBe(ANSWERS.length.text);
  });
});

test("one record a call", () => checkRecords(at.scene));
