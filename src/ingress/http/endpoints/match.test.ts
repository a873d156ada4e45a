import { describe, expect, test } from "bun:test";
import { isInferencePath, matchEndpoint } from "./match.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";

function found(path: string, headers: Record<string, string> = {}, method = "POST"): string {
  const match = matchEndpoint(method, path, { headers: new Headers(headers) });
  if (match.status !== "found") return match.status;
  const { endpoint } = match;
  if (endpoint.type === "socket") return `socket ${endpoint.protocol} ${endpoint.dialect} ${endpoint.version}`;
  if (endpoint.type === "client_secret") return endpoint.form;
  if (endpoint.type === "constant") return "constant";
  if (endpoint.type === "models") return `models ${endpoint.dialect} ${endpoint.id}`;
  const { operation, dialect, pathModel, pathStream, pathProvider } = endpoint;
  return [operation, dialect, pathModel, pathStream ? "stream" : "", pathProvider].filter(Boolean).join(" ");
}

describe("endpoints", () => {
  test.each([
    ["/v1/chat/completions", "chat openai-chat"],
    ["/openai/v1/chat/completions", "chat openai-chat"],
    ["/openai/responses", "responses openai-responses"],
    ["/openrouter/api/v1/chat/completions", "chat openai-chat"],
    ["/compat/chat/completions", "chat openai-chat"],
    ["/v1/messages", "chat anthropic-messages"],
    ["/anthropic/v1/messages/count_tokens", "count_tokens anthropic-messages"],
    ["/v1/embeddings", "embeddings openai"],
    ["/v1beta/models/a%2Fb:streamGenerateContent", "chat gemini a/b stream"],
    ["/v1/models/gemini-x:generateContent", "chat gemini gemini-x"],
    ["/genai/v1beta/models/m:countTokens", "count_tokens gemini m"],
    [`/v1/${ACCOUNT}/gw/openai/chat/completions`, "chat openai-chat openai"],
    [`/v1/${ACCOUNT}/gw/groq/openai/v1/chat/completions`, "chat openai-chat groq"],
    [`/v1/${ACCOUNT}/gw/anthropic/v1/messages`, "chat anthropic-messages anthropic"],
    [`/v1/${ACCOUNT}/gw/google-ai-studio/v1/models/m:generateContent`, "chat gemini m google-ai-studio"],
    [`/v1/${ACCOUNT}/gw/compat/chat/completions`, "chat openai-chat"],
    ["/v1/nothing", "no_path"],
    ["/v1chat/completions", "no_path"],
    ["/v1/__proto__", "no_path"],
    ["/__proto__/x", "no_path"],
    ["/api/logs", "no_path"],
  ])("%s", (path, wanted) => {
    expect(found(path)).toBe(wanted);
  });

  test.each([
    ["/v1/realtime", "socket realtime openai null"],
    ["/openai/realtime", "socket realtime openai null"],
    ["/v1/responses", "socket responses openai-responses null"],
    ["/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", "socket realtime gemini v1beta"],
    [
      "/genai/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent",
      "socket realtime gemini v1alpha",
    ],
    ["/ws/other", "no_path"],
  ])("WebSocket %s", (path, wanted) => {
    expect(found(path, {}, "GET")).toBe(wanted);
  });

  test("credentials of sessions", () => {
    expect(found("/v1/realtime/client_secrets")).toBe("client_secrets");
    expect(found("/openai/v1/realtime/sessions")).toBe("sessions");
    expect(found("/v1/realtime")).toBe("wrong_method");
    expect(found("/v1/realtime/sessions", {}, "GET")).toBe("wrong_method");
  });

  test("lists of models", () => {
    expect(found("/v1/models", {}, "GET")).toBe("models openai-chat null");
    expect(found("/v1/models/a%2Fb", {}, "GET")).toBe("models openai-chat a/b");
    expect(found("/v1/models", { "anthropic-version": "x" }, "GET")).toBe("models anthropic-messages null");
    expect(found("/v1beta/models", {}, "GET")).toBe("models gemini null");
    expect(found("/v1/models", {}, "POST")).toBe("wrong_method");
    expect(found("/v1/chat/completions", {}, "GET")).toBe("wrong_method");
  });

  test("paths of clients' APIs are told from management", () => {
    for (const path of ["/v1/x", "/openai", "/anthropic/y", "/genai", "/v1beta"])
      expect(isInferencePath(path)).toBe(true);
    for (const path of ["/", "/api/logs", "/metrics", "/healthz"]) expect(isInferencePath(path)).toBe(false);
  });
});
