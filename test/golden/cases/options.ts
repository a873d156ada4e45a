import { plain, SCHEMA, USER, type InlineCase } from "./case.ts";

const SECRET = "c2VjcmV0LXN0YXRl";

/** How to answer. */
export const OPTION_CASES: InlineCase[] = [
  {
    name: "json-schema",
    facts: [USER, "Name of a city"],
    wire: plain({
      "openai-chat": {
        response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } },
      },
      "openai-responses": { text: { format: { type: "json_schema", name: "place", schema: SCHEMA, strict: true } } },
      "anthropic-messages": { output_config: { format: { type: "json_schema", schema: SCHEMA } } },
      gemini: { generationConfig: { responseMimeType: "application/json", responseJsonSchema: SCHEMA } },
    }),
  },
  {
    name: "json-object",
    facts: [USER],
    wire: plain({
      "openai-chat": { response_format: { type: "json_object" } },
      "openai-responses": { text: { format: { type: "json_object" } } },
      "anthropic-messages": "a schema or nothing",
      gemini: { generationConfig: { responseMimeType: "application/json" } },
    }),
  },
  {
    name: "reasoning-effort",
    facts: [USER],
    ownModel: { gemini: "gemini-3-pro-preview" },
    wire: plain({
      "openai-chat": { reasoning_effort: "high" },
      "openai-responses": { reasoning: { effort: "high", summary: "auto" } },
      "anthropic-messages": { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
      gemini: { generationConfig: { thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true } } },
    }),
  },
  {
    name: "reasoning-budget",
    facts: [USER],
    wire: plain({
      "openai-chat": "an effort, no budget",
      "openai-responses": "an effort, no budget",
      "anthropic-messages": { max_tokens: 8000, thinking: { type: "enabled", budget_tokens: 4000 } },
      gemini: { generationConfig: { thinkingConfig: { thinkingBudget: 4000 } } },
    }),
  },
  {
    name: "reasoning-off",
    facts: [USER],
    wire: plain({
      "openai-chat": { reasoning_effort: "none" },
      "openai-responses": { reasoning: { effort: "none" } },
      "anthropic-messages": { thinking: { type: "disabled" } },
      gemini: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
    }),
  },
  {
    name: "reasoning-state",
    facts: [USER, "Salut !", "Again?", SECRET],
    wire: {
      "openai-chat": {
        messages: [
          { role: "user", content: USER },
          {
            role: "assistant",
            content: "Salut !",
            reasoning_details: [{ type: "reasoning.text", text: "They greet me.", signature: SECRET, index: 0 }],
          },
          { role: "user", content: "Again?" },
        ],
      },
      "openai-responses": {
        input: [
          { role: "user", content: USER },
          {
            type: "reasoning",
            id: "rs_1",
            summary: [{ type: "summary_text", text: "They greet me." }],
            encrypted_content: SECRET,
          },
          {
            type: "message",
            id: "msg_1",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: "Salut !", annotations: [] }],
          },
          { role: "user", content: "Again?" },
        ],
        store: false,
        include: ["reasoning.encrypted_content"],
      },
      "anthropic-messages": {
        max_tokens: 8000,
        thinking: { type: "enabled", budget_tokens: 4000 },
        messages: [
          { role: "user", content: USER },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "They greet me.", signature: SECRET },
              { type: "text", text: "Salut !" },
            ],
          },
          { role: "user", content: "Again?" },
        ],
      },
      gemini: {
        contents: [
          { role: "user", parts: [{ text: USER }] },
          {
            role: "model",
            parts: [
              { text: "They greet me.", thought: true },
              { text: "Salut !", thoughtSignature: SECRET },
            ],
          },
          { role: "user", parts: [{ text: "Again?" }] },
        ],
      },
    },
  },
  {
    name: "sampling",
    facts: [0.25, 0.75],
    wire: plain({
      "openai-chat": { temperature: 0.25, top_p: 0.75 },
      "openai-responses": { temperature: 0.25, top_p: 0.75 },
      "anthropic-messages": { temperature: 0.25 },
      gemini: { generationConfig: { temperature: 0.25, topP: 0.75 } },
    }),
  },
  {
    name: "top-k",
    facts: [41],
    wire: plain({
      "openai-chat": "OpenAI has no top_k",
      "openai-responses": "OpenAI has no top_k",
      "anthropic-messages": { top_k: 41 },
      gemini: { generationConfig: { topK: 41 } },
    }),
  },
  {
    name: "penalties-and-seed",
    facts: [0.125, 0.375, 4242],
    wire: plain({
      "openai-chat": { presence_penalty: 0.125, frequency_penalty: 0.375, seed: 4242 },
      "openai-responses": "none of them",
      "anthropic-messages": "none of them",
      gemini: { generationConfig: { presencePenalty: 0.125, frequencyPenalty: 0.375, seed: 4242 } },
    }),
  },
  {
    name: "stop",
    facts: ["END", "STOP"],
    wire: plain({
      "openai-chat": { stop: ["END", "STOP"] },
      "openai-responses": "no stop sequences",
      "anthropic-messages": { stop_sequences: ["END", "STOP"] },
      gemini: { generationConfig: { stopSequences: ["END", "STOP"] } },
    }),
  },
  {
    name: "max-tokens",
    facts: [777],
    wire: plain({
      "openai-chat": { max_completion_tokens: 777 },
      "openai-responses": { max_output_tokens: 777 },
      "anthropic-messages": { max_tokens: 777 },
      gemini: { generationConfig: { maxOutputTokens: 777 } },
    }),
  },
  {
    name: "several-answers",
    facts: [3],
    wire: plain({
      "openai-chat": { n: 3 },
      "openai-responses": "one answer",
      "anthropic-messages": "one answer",
      gemini: { generationConfig: { candidateCount: 3 } },
    }),
  },
  {
    name: "logprobs",
    facts: [2],
    wire: plain({
      "openai-chat": { logprobs: true, top_logprobs: 2 },
      "openai-responses": { include: ["message.output_text.logprobs"], top_logprobs: 2 },
      "anthropic-messages": "no probabilities",
      gemini: { generationConfig: { responseLogprobs: true, logprobs: 2 } },
    }),
  },
  {
    name: "verbosity",
    facts: ["low"],
    wire: plain({
      "openai-chat": { verbosity: "low" },
      "openai-responses": { text: { verbosity: "low" } },
      "anthropic-messages": "no such option",
      gemini: "no such option",
    }),
  },
  {
    name: "service-tier-and-user",
    facts: ["user-7"],
    wire: plain({
      "openai-chat": { user: "user-7", service_tier: "flex", metadata: { team: "ml" }, store: true },
      "openai-responses": { user: "user-7", service_tier: "flex", metadata: { team: "ml" }, store: true },
      "anthropic-messages": { metadata: { user_id: "user-7" }, service_tier: "auto" },
      gemini: "no such fields",
    }),
  },
  {
    name: "conversation-at-the-provider",
    facts: ["resp_123"],
    wire: plain({
      "openai-chat": "the client sends the whole conversation",
      "openai-responses": { previous_response_id: "resp_123" },
      "anthropic-messages": "the client sends the whole conversation",
      gemini: "the client sends the whole conversation",
    }),
  },
  {
    name: "unknown-field",
    facts: ["of-the-future"],
    wire: plain({
      "openai-chat": { new_option: "of-the-future" },
      "openai-responses": { new_option: "of-the-future" },
      "anthropic-messages": { new_option: "of-the-future" },
      gemini: { newOption: "of-the-future" },
    }),
  },
];
