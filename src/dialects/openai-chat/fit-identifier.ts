import { createHash } from "node:crypto";

/** Longest `user` and `prompt_cache_key` that OpenAI takes: "string too long. Expected a string with maximum length 64". */
const LONGEST = 64;

/** An identifier of another dialect as it is, or its SHA-256 in hex where it is too long: Claude Code's user has some 150 characters. */
export function fitIdentifier(id: string): string {
  return id.length <= LONGEST ? id : createHash("sha256").update(id).digest("hex");
}
