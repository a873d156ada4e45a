import { plain, USER, type InlineCase } from "./case.ts";

/** Who says what. */
export const TEXT_CASES: InlineCase[] = [
  { name: "text", facts: [USER], wire: plain({}) },
  {
    name: "system",
    facts: [USER, "Be brief."],
    wire: plain({
      "openai-chat": {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: USER },
        ],
      },
      "openai-responses": { instructions: "Be brief." },
      "anthropic-messages": { system: [{ type: "text", text: "Be brief." }] },
      gemini: { systemInstruction: { parts: [{ text: "Be brief." }] } },
    }),
  },
  {
    name: "system-and-developer",
    facts: ["Be brief.", "Speak French.", "Now English.", USER, "Again?"],
    wire: {
      "openai-chat": {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "developer", content: "Speak French." },
          { role: "user", content: USER },
          { role: "assistant", content: "Il fait beau." },
          { role: "developer", content: "Now English." },
          { role: "user", content: "Again?" },
        ],
      },
      "openai-responses": {
        instructions: "Be brief.",
        input: [
          { role: "developer", content: "Speak French." },
          { role: "user", content: USER },
          { role: "assistant", content: "Il fait beau." },
          { role: "developer", content: "Now English." },
          { role: "user", content: "Again?" },
        ],
      },
      "anthropic-messages": "one system prompt, before the conversation",
      gemini: "one system instruction, before the conversation",
    },
  },
  {
    name: "multi-turn",
    facts: ["Bonjour", "Salut !", "Weather", "in Paris?"],
    wire: {
      "openai-chat": {
        messages: [
          { role: "user", content: "Bonjour" },
          { role: "assistant", content: "Salut !" },
          { role: "user", content: "Weather" },
          { role: "user", content: [{ type: "text", text: "in Paris?" }] },
        ],
      },
      "openai-responses": {
        input: [
          { role: "user", content: "Bonjour" },
          { type: "message", role: "assistant", content: [{ type: "output_text", text: "Salut !", annotations: [] }] },
          { role: "user", content: "Weather" },
          { role: "user", content: [{ type: "input_text", text: "in Paris?" }] },
        ],
      },
      "anthropic-messages": {
        max_tokens: 1000,
        messages: [
          { role: "user", content: "Bonjour" },
          { role: "assistant", content: "Salut !" },
          {
            role: "user",
            content: [
              { type: "text", text: "Weather" },
              { type: "text", text: "in Paris?" },
            ],
          },
        ],
      },
      gemini: {
        contents: [
          { role: "user", parts: [{ text: "Bonjour" }] },
          { role: "model", parts: [{ text: "Salut !" }] },
          { role: "user", parts: [{ text: "Weather" }] },
          { role: "user", parts: [{ text: "in Paris?" }] },
        ],
      },
    },
  },
  {
    name: "prefill",
    facts: [USER, "It is"],
    wire: {
      "openai-chat": {
        messages: [
          { role: "user", content: USER },
          { role: "assistant", content: "It is" },
        ],
      },
      "openai-responses": {
        input: [
          { role: "user", content: USER },
          { role: "assistant", content: "It is" },
        ],
      },
      "anthropic-messages": {
        max_tokens: 1000,
        messages: [
          { role: "user", content: USER },
          { role: "assistant", content: "It is" },
        ],
      },
      gemini: {
        contents: [
          { role: "user", parts: [{ text: USER }] },
          { role: "model", parts: [{ text: "It is" }] },
        ],
      },
    },
  },
  {
    name: "cache-markers",
    facts: ["A long document.", USER, "ephemeral"],
    wire: {
      "openai-chat": {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "A long document.", cache_control: { type: "ephemeral" } },
              { type: "text", text: USER },
            ],
          },
        ],
      },
      "openai-responses": "caching is automatic",
      "anthropic-messages": {
        max_tokens: 1000,
        system: [{ type: "text", text: "A long document.", cache_control: { type: "ephemeral", ttl: "1h" } }],
        messages: [{ role: "user", content: [{ type: "text", text: USER, cache_control: { type: "ephemeral" } }] }],
      },
      gemini: "caching is automatic, or a resource of its own",
    },
  },
];
