import type { Json, JsonObject } from "../../canonical/json.ts";

export { objectsOf, textOf } from "../../canonical/json.ts";

/** The name of this dialect: key of its extensions, maker of its opaque values. */
export const DIALECT = "bedrock-converse";

/**
 * Only Claude signs its reasoning here, and its signatures are good on every platform that serves it: "Signature values
 * are compatible across platforms (Claude APIs, Amazon Bedrock, and Google Cloud)"
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking, "Thinking encryption").
 */
export const SIGNER = "anthropic-messages";

/** A content block: an object with one member, whose name says what it is. */
export type WireBlock = JsonObject;

/** A conversation turn in a request body. */
export interface WireMessage extends JsonObject {
  role: "user" | "assistant" | "system";
  content: WireBlock[];
}

/**
 * Whether a tool call of this `type` is for the caller to run. The reference
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html) has `server_tool_use` alone, for
 * those that the provider runs; Claude models say `tool_use` of the others, most models nothing.
 */
export function isCallers(type: Json | undefined): boolean {
  return type === undefined || type === null || type === "tool_use";
}

/** The name of the first member of a block that a table knows; undefined: none of them. */
export function memberOf(block: WireBlock, table: object): string | undefined {
  for (const name in block) if (Object.hasOwn(table, name)) return name;
  return undefined;
}
