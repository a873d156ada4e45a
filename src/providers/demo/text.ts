import type { DemoMessage } from "./messages.ts";
import type { DemoRequest } from "./request.ts";
import { pick, type Draw } from "./seed.ts";

const OPENINGS = ["Hello from the demo!", "Good question.", "Happy to help.", "Here is what I can say.", "Let's see."];

const SENTENCES = [
  "I am a simulated model that runs inside the gateway, and my prices are invented.",
  "Every word of it arrived as a piece of its own when you asked for a stream.",
  "The same prompt always gives the same answer.",
  "Set the key of a real provider, and the same request reaches a real model.",
  "Ask demo-tools with a tool, and it calls the tool with arguments that fit its schema.",
  "Ask demo-json with a JSON schema, and the answer fits the schema.",
  "Add [demo fail=500] to a message to see a fallback at work.",
  "Add [demo latency_ms=2000] to a message to see how waiting feels.",
  "The gateway counted the tokens, worked out the cost and wrote one record of this call.",
  "Rules, budgets and rate limits treat me like any other model.",
  "Nothing that you write here leaves this machine.",
];

const THOUGHTS = [
  "First I look at what was asked.",
  "The question is about the words above, so I keep to them.",
  "There may be more than one way to answer; the short one is best.",
  "I check that the answer does not depend on anything I cannot know.",
  "A simulated model should say that it is one.",
];

/** The answer in plain words. */
export function answerText(request: DemoRequest, draw: Draw): string {
  const media = request.messages.flatMap((message) => (message.role === "user" ? message.media : []));
  const parts = [pick(draw, OPENINGS, "Hello!"), quotePrompt(request.prompt)];
  if (media.length > 0) parts.push(`I got ${media.join(" and ")}.`);
  else if (request.model.id === "demo-vision")
    parts.push("I got no image; add one to your message, and I say what it is.");
  parts.push(...choose(SENTENCES, request.model.sentences, draw));
  return parts.filter((part) => part !== "").join(" ");
}

/** The answer once a tool has given its result. */
export function resultText(result: DemoMessage, messages: readonly DemoMessage[]): string {
  const calls = messages.flatMap((message) => Object.entries(message.calls));
  const name = calls.find(([id]) => id === result.toolCallId)?.[1] ?? "The tool";
  return `${name} says: ${result.text.slice(0, 2000)}`;
}

/** What a reasoning model thinks before it answers. */
export function reasoningText(request: DemoRequest, draw: Draw): string {
  return choose(THOUGHTS, request.model.sentences, draw).join(" ");
}

function quotePrompt(prompt: string): string {
  if (prompt === "") return "";
  const short = prompt.length > 120 ? `${prompt.slice(0, 120)}…` : prompt;
  return `You wrote: “${short.replaceAll(/\s+/gu, " ")}”.`;
}

/** Some of the sentences, each once, in a drawn order. */
function choose(sentences: readonly string[], count: number, draw: Draw): string[] {
  const left = [...sentences];
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(draw() * left.length), 1));
  return chosen;
}
