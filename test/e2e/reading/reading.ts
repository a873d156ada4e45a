/** Why an answer ended, in the words that all wires share. */
export type Ending = "stop" | "length" | "tool_calls" | "filter" | "other" | "none";

/** Token counts in the form of the records: every token once. */
export interface Tokens {
  input: number;
  cached: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

/** What a person would read out of a first candidate, without help from the code under test. */
export interface Reading {
  /** Answer and refusal. */
  text: string;
  reasoning: string;
  /** Arguments as parsed JSON, or as text where they are none. */
  calls: { name: string; arguments: unknown }[];
  ending: Ending;
  /** null: the wire brought none. */
  tokens: Tokens | null;
}

/** A reading with nothing in it. */
export function emptyReading(): Reading {
  return { text: "", reasoning: "", calls: [], ending: "none", tokens: null };
}

/** Arguments as a value, so that spacing does not matter; empty means none. */
export function readArguments(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}

/** An answer that stops with calls waits for their results, whatever word its host has for that. */
export function withCalls(reading: Reading): Reading {
  return reading.ending === "stop" && reading.calls.length > 0 ? { ...reading, ending: "tool_calls" } : reading;
}
