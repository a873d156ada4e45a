import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { RequestContext } from "../context.ts";
import { openingOf } from "./opening.ts";

/** What turns of one conversation have in common. */
export interface SessionId {
  /** Where it stood: the name of a header or of a field, or `opening messages`. */
  source: string;
  /** Never shown nor kept. */
  text: string;
  /** The caller said so itself; false: told by how the conversation begins. */
  isNamed: boolean;
}

/**
 * Headers that clients put a session's id into, ours first: of coding agents (Claude Code:
 * https://code.claude.com/docs/en/llm-gateway, Codex: `session-id`, before that `session_id`,
 * https://github.com/openai/codex, OpenCode: `x-session-affinity` and `x-opencode-session`,
 * https://github.com/anomalyco/opencode), and of other gateways' clients
 * (https://openrouter.ai/docs/guides/best-practices/prompt-caching, https://docs.getbifrost.ai/providers/session-affinity,
 * https://docs.litellm.ai/docs/proxy/request_headers).
 */
export const SESSION_HEADERS = [
  "x-trunkline-session",
  "x-session-id",
  "x-claude-code-session-id",
  "session-id",
  "session_id",
  "x-session-affinity",
  "x-opencode-session",
  "x-litellm-session-id",
  "x-bf-session-id",
  "cf-aig-session-id",
] as const;

/** Fields of the body, in the order in which they count. */
const FIELDS: readonly (readonly [source: string, read: (body: JsonObject) => Json | undefined])[] = [
  ["session_id", (body) => body["session_id"]],
  ["litellm_session_id", (body) => body["litellm_session_id"]],
  ["metadata.session_id", ({ metadata }) => fieldOf(metadata, "session_id")],
  ["metadata.user_id", ({ metadata }) => sessionInUser(fieldOf(metadata, "user_id"))],
  ["conversation", ({ conversation }) => fieldOf(conversation, "id") ?? conversation],
  ["prompt_cache_key", (body) => body["prompt_cache_key"]],
];

/** Longer texts name no session. */
const MAX_LENGTH = 512;

/** The session of a request: what its caller says, else a chat's opening messages; null: it has none. Read once a request. */
export function sessionOf(context: RequestContext): SessionId | null {
  if (context.conversation === undefined) context.conversation = namedSession(context) ?? openingSession(context);
  return context.conversation;
}

function namedSession({ arrival }: RequestContext): SessionId | null {
  for (const name of SESSION_HEADERS) {
    const text = arrival.headers.get(name);
    if (isId(text)) return { source: name, text, isNamed: true };
  }
  for (const [source, read] of FIELDS) {
    const text = read(arrival.body.json);
    if (isId(text)) return { source, text, isNamed: true };
  }
  return null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_LENGTH;
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

const LEGACY = "_session_";

/**
 * The session within Claude Code's `metadata.user_id`: a JSON text with `session_id`, before that `user_…_account_…_session_UUID`
 * (https://github.com/coder/aibridge/pull/241).
 */
function sessionInUser(user: Json | undefined): Json | undefined {
  if (typeof user !== "string" || user.length > 2 * MAX_LENGTH) return undefined;
  const at = user.lastIndexOf(LEGACY);
  if (at >= 0) return user.slice(at + LEGACY.length);
  if (!user.startsWith("{")) return undefined;
  try {
    return fieldOf(JSON.parse(user) as Json, "session_id");
  } catch {
    return undefined;
  }
}

function openingSession({ chatRequest }: RequestContext): SessionId | null {
  const text = chatRequest === null ? null : openingOf(chatRequest);
  return text === null ? null : { source: "opening messages", text, isNamed: false };
}
