import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

const apiKey = "any text";

/** Asks the same model through the SDKs of three vendors. */
export async function check(url: string): Promise<void> {
  await throughOpenAI(url);
  await throughAnthropic(url);
  await throughGoogle(url);
}

async function throughOpenAI(url: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey });
  const { data, response } = await client.chat.completions
    .create({ model: "assistant", messages: [{ role: "user", content: "Hello" }] })
    .withResponse();
  assert.match(data.choices[0]?.message.content ?? "", /Hello/);
  assert.equal(response.headers.get("x-trunkline-model"), "demo-fast");
  assert.ok(Number(response.headers.get("x-trunkline-cost")) > 0);

  let text = "";
  const stream = await client.chat.completions.create({
    model: "assistant",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  assert.equal(text, data.choices[0]?.message.content);
}

async function throughAnthropic(url: string): Promise<void> {
  const client = new Anthropic({ baseURL: `${url}/anthropic`, apiKey });
  const message = await client.messages.create({
    model: "assistant",
    max_tokens: 100,
    messages: [{ role: "user", content: "Hello" }],
  });
  assert.equal(message.content[0]?.type, "text");
  assert.ok(message.usage.output_tokens > 0);
}

async function throughGoogle(url: string): Promise<void> {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${url}/genai` } });
  const answer = await client.models.generateContent({ model: "assistant", contents: "Hello" });
  assert.match(answer.text ?? "", /Hello/);
}
