import type { Part } from "../../src/canonical/content.ts";
import { openOpaque } from "../../src/canonical/opaque.ts";
import type { Item } from "../../src/canonical/request.ts";
import type { Candidate, ChatResponse } from "../../src/canonical/response.ts";
import { readArguments } from "../e2e/reading/reading.ts";

/** What an answer says, however its wire cuts it into items and parts. */
export interface Meaning {
  id: string;
  model: string;
  usage: unknown;
  candidates: CandidateMeaning[];
}

interface CandidateMeaning {
  text: string;
  refusal: string;
  thoughts: string;
  calls: [name: string, kind: string, args: unknown][];
  citations: unknown[];
  ending: string;
}

/** The meaning of an answer as its reader has it. */
export function meaningOf({ id, model, usage, candidates }: ChatResponse): Meaning {
  const { raw: _, ...counts } = usage ?? {};
  const inOrder = candidates.toSorted((a, b) => a.index - b.index);
  return { id, model, usage: counts, candidates: inOrder.map(candidateMeaning) };
}

const joined = (parts: readonly Part[], type: "text" | "refusal"): string =>
  parts.map((part) => (part.type === type ? part.text : "")).join("");

function candidateMeaning({ items, finishReason }: Candidate): CandidateMeaning {
  const parts = items.flatMap((item) => (item.type === "message" ? item.content : []));
  return {
    text: joined(parts, "text"),
    refusal: joined(parts, "refusal"),
    thoughts: items.map(thoughtsOf).join(""),
    calls: items.flatMap((item): CandidateMeaning["calls"] =>
      item.type === "tool_call" ? [[item.name, item.kind, readArguments(item.arguments)]] : [],
    ),
    citations: parts.flatMap((part) =>
      part.type === "text" ? (part.citations ?? []).map(({ url, title }) => ({ url, title })) : [],
    ),
    ending: finishReason,
  };
}

/** Blank lines part summaries where a wire has one text for all of them. */
function thoughtsOf(item: Item): string {
  return item.type === "reasoning" ? (item.text + item.summary.join("")).replaceAll(/\s+/g, "") : "";
}

const SEALED = /tl1\.[\w-]+/g;

/** What a client carries without knowing: the state of other makers in the text of an answer, each once. */
export function sealedIn(text: string): string[] {
  const opened = [...text.matchAll(SEALED)].map(([sealed]) => openOpaque(sealed, "openai", "signature").value);
  return [...new Set(opened)].toSorted();
}
