import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { RequestContext } from "../context.ts";
import { SESSION_HEADERS, sessionOf } from "./session-id.ts";

function contextOf(headers: Record<string, string>, json: JsonObject): RequestContext {
  const arrival = { headers: new Headers(headers), body: { json } };
  return { arrival, chatRequest: null } as unknown as RequestContext;
}

const found = (headers: Record<string, string>, json: JsonObject = {}): string | null => {
  const session = sessionOf(contextOf(headers, json));
  return session === null ? null : `${session.source}=${session.text}`;
};

test.each(SESSION_HEADERS.map((name) => [name]))("the header %s names a session", (name) => {
  expect(found({ [name.toUpperCase()]: "s1" })).toBe(`${name}=s1`);
});

const LEGACY = "user_0a1b_account__session_57a121ec-f78c-48c3-a745-e3036a3ecc33";

test.each([
  [{ session_id: "s1" }, "session_id=s1"],
  [{ litellm_session_id: "s1" }, "litellm_session_id=s1"],
  [{ metadata: { session_id: "s1" } }, "metadata.session_id=s1"],
  [{ metadata: { user_id: LEGACY } }, "metadata.user_id=57a121ec-f78c-48c3-a745-e3036a3ecc33"],
  [{ metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s1"}' } }, "metadata.user_id=s1"],
  [{ conversation: "conv_1" }, "conversation=conv_1"],
  [{ conversation: { id: "conv_1" } }, "conversation=conv_1"],
  [{ prompt_cache_key: "k" }, "prompt_cache_key=k"],
  [{ prompt_cache_key: "k", session_id: "s1" }, "session_id=s1"],
  [{ metadata: { user_id: "ada" } }, null],
  [{ metadata: { user_id: "{broken" } }, null],
  [{ metadata: { user_id: '{"session_id":5}' } }, null],
  [{ metadata: { user_id: "null" } }, null],
  [{ metadata: [LEGACY] }, null],
  [{ session_id: 5, prompt_cache_key: "" }, null],
  [{ session_id: "x".repeat(513) }, null],
  [{ conversation: [{ id: "conv_1" }] }, null],
] satisfies [JsonObject, string | null][])("%j", (json, wanted) => {
  expect(found({}, json)).toBe(wanted);
});

test("a header stands above the body, ours above others", () => {
  expect(found({ "x-session-id": "a", "x-trunkline-session": "b" }, { session_id: "c" })).toBe("x-trunkline-session=b");
  expect(found({ "session-id": "a" }, { prompt_cache_key: "c" })).toBe("session-id=a");
});
