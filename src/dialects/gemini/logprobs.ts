import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { readList, readNumber, readObject, readString } from "./read.ts";

/** Decodes `logprobsResult` into the form of OpenAI chat; undefined when it has no chosen tokens. */
export function decodeLogprobs(wire: JsonObject | undefined): JsonObject | undefined {
  const chosen = wire === undefined ? undefined : readList(wire, "chosenCandidates");
  if (wire === undefined || chosen === undefined) return undefined;
  const top = readList(wire, "topCandidates") ?? [];
  const content: Json[] = chosen.map((entry, index) => ({
    ...decodeToken(entry),
    top_logprobs: decodeTop(top[index]),
  }));
  return { content };
}

function decodeToken(entry: Json | undefined): JsonObject {
  const wire = isJsonObject(entry) ? entry : {};
  return { token: readString(wire, "token") ?? "", logprob: readNumber(wire, "logProbability") ?? 0, bytes: null };
}

function decodeTop(entry: Json | undefined): Json[] {
  const candidates = isJsonObject(entry) ? readList(entry, "candidates") : undefined;
  return (candidates ?? []).map(decodeToken);
}

/** Encodes log probabilities in the form of OpenAI chat as `logprobsResult`; undefined when there are none. */
export function encodeLogprobs(logprobs: Json | undefined): JsonObject | undefined {
  const content = isJsonObject(logprobs) ? readList(logprobs, "content") : undefined;
  if (content === undefined || content.length === 0) return undefined;
  return {
    chosenCandidates: content.map(encodeToken),
    topCandidates: content.map((entry) => ({ candidates: topOf(entry).map(encodeToken) })),
  };
}

function encodeToken(entry: Json): JsonObject {
  const token = isJsonObject(entry) ? entry : {};
  return { token: readString(token, "token") ?? "", logProbability: readNumber(token, "logprob") ?? 0 };
}

function topOf(entry: Json): Json[] {
  return (isJsonObject(entry) ? readList(entry, "top_logprobs") : undefined) ?? [];
}

/** The `logprobsResult` of a candidate. */
export function logprobsOf(candidate: JsonObject): JsonObject | undefined {
  return readObject(candidate, "logprobsResult");
}
