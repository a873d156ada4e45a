import type { TaskAnswerCase, TaskRequestCase } from "./case.ts";

const operation = "moderation" as const;

/** What to judge. */
export const MODERATION_REQUESTS: TaskRequestCase[] = [
  { operation, name: "text", facts: ["I will hurt you"], wire: { openai: { input: "I will hurt you" } } },
  { operation, name: "texts", facts: ["one", "two"], wire: { openai: { input: ["one", "two"] } } },
  {
    operation,
    name: "text-and-image",
    facts: ["one", "https://example.com/a.png"],
    wire: {
      openai: {
        input: [
          { type: "text", text: "one" },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        ],
      },
    },
  },
  {
    operation,
    name: "conversation",
    facts: ["Hello", "Go away"],
    wire: {
      openai: {
        input: [
          { role: "user", content: "Hello" },
          { role: "assistant", content: "Go away" },
        ],
      },
    },
  },
  {
    operation,
    name: "conversations",
    facts: ["Hello", "Go away", "of-the-future"],
    wire: {
      openai: {
        input: [[{ role: "user", content: "Hello" }], [{ role: "user", content: "Go away" }]],
        new_option: "of-the-future",
      },
    },
  },
];

/** Judgements. */
export const MODERATION_ANSWERS: TaskAnswerCase[] = [
  {
    operation,
    name: "flagged",
    request: "text",
    wire: {
      openai: {
        id: "modr-1",
        model: "omni-moderation-latest",
        results: [
          {
            flagged: true,
            categories: { violence: true, sexual: false },
            category_scores: { violence: 0.97, sexual: 0.001 },
            category_applied_input_types: { violence: ["text"], sexual: ["text"] },
          },
        ],
      },
    },
  },
  {
    operation,
    name: "as-mistral-writes",
    request: "texts",
    wire: {
      openai: {
        id: "mod-1",
        model: "mistral-moderation-latest",
        usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0 },
        results: [
          { categories: { pii: true, law: false }, category_scores: { pii: 0.9, law: 0.01 } },
          { categories: { pii: false, law: false }, category_scores: { pii: 0.1, law: 0.01 } },
        ],
      },
    },
  },
];
