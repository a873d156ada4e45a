import { describe, expect, test } from "bun:test";
import { agreedProtocol, offeredProtocols, socketCredential, withoutKeys } from "./credential.ts";

const none = new URLSearchParams();
const headers = (all: Record<string, string> = {}): Headers => new Headers(all);

describe("credentials of a handshake", () => {
  test.each([
    [{ authorization: "Bearer sk-tl-a" }, "", "sk-tl-a"],
    [{ "api-key": "sk-tl-a" }, "", "sk-tl-a"],
    [{ "x-goog-api-key": "sk-tl-a" }, "", "sk-tl-a"],
    [{ authorization: "Bearer ek_tl_a.b" }, "", "ek_tl_a.b"],
    [{ "sec-websocket-protocol": "realtime, openai-insecure-api-key.sk-tl-a" }, "", "sk-tl-a"],
    [{ "sec-websocket-protocol": "realtime,openai-insecure-api-key.ek_tl_a.b" }, "", "ek_tl_a.b"],
    [{}, "key=sk-tl-a", "sk-tl-a"],
    [{}, "api-key=sk-tl-a", "sk-tl-a"],
    [{}, "Authorization=Bearer+sk-tl-a", "sk-tl-a"],
    [{ authorization: "Bearer sk-proj-theirs" }, "key=AIza", null],
  ] as [Record<string, string>, string, string | null][])("%p %p", (given, query, wanted) => {
    const all = headers(given);
    expect(socketCredential(all, new URLSearchParams(query), offeredProtocols(all))).toBe(wanted);
  });

  test("none is agreed on as a protocol, and none stays in the query", () => {
    expect(agreedProtocol(["openai-insecure-api-key.sk-tl-a", "realtime"])).toBe("realtime");
    expect(agreedProtocol(["openai-beta.realtime-v1", "openai-project.p"])).toBeNull();
    expect(withoutKeys(new URLSearchParams("key=a&api-key=b&Authorization=c&model=m")).toString()).toBe("model=m");
    expect(socketCredential(headers(), none, [])).toBeNull();
  });
});
