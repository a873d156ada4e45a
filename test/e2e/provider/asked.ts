import type { Loose } from "../reading/loose.ts";

/** A request as a provider understands it, read without help from the code under test. */
export interface Asked {
  model: string;
  system: string;
  /** Texts by speaker; a speaker's texts in a row are one turn. */
  turns: { role: "user" | "assistant"; text: string }[];
  calls: { id: string; name: string; arguments: unknown }[];
  results: { id: string; text: string }[];
  tools: { name: string; description: string; parameters: Loose }[];
  choice: "auto" | "none" | "required" | { name: string } | null;
  /** Schema of the structured output. */
  schema: Loose;
  maxTokens: number | undefined;
  stream: boolean;
  /** State that only the provider can read, in order. */
  secrets: string[];
}

/** A request with nothing in it. */
export function nothingAsked(model: string): Asked {
  return {
    model,
    system: "",
    turns: [],
    calls: [],
    results: [],
    tools: [],
    choice: null,
    schema: null,
    maxTokens: undefined,
    stream: false,
    secrets: [],
  };
}

/** Adds a text to the last turn of its speaker, or as a new turn. */
export function say(asked: Asked, role: "user" | "assistant", text: string): void {
  if (text === "") return;
  const last = asked.turns.at(-1);
  if (last?.role === role) last.text += text;
  else asked.turns.push({ role, text });
}

/** Throws when a request has a field that the API does not know. */
export function checkFields(where: string, body: Loose, known: readonly string[]): void {
  const odd = Object.keys(body).filter((key) => !known.includes(key));
  if (odd.length > 0) throw new Error(`${where}: the API knows no ${odd.join(", ")}`);
}

/** Throws unless `condition`: what the real API would refuse with 400. */
export function demand(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`the API would refuse: ${what}`);
}
