import { describe, expect, test } from "bun:test";
import { errorDialectOf, isInferencePath, matchEndpoint } from "./match.ts";

const hints = { headers: new Headers() };

/** Operation and dialect of a path, with the model that it names; or why it has none. */
function found(path: string, method = "POST"): string {
  const match = matchEndpoint(method, path, hints);
  if (match.status !== "found") return match.status;
  const { endpoint } = match;
  if (endpoint.type === "constant" || endpoint.type === "client_secret") return endpoint.type;
  if (endpoint.type === "socket") return `${endpoint.protocol} ${endpoint.dialect}`;
  const operation = endpoint.type === "inference" ? endpoint.operation : "models";
  const model = endpoint.type === "inference" ? endpoint.pathModel : endpoint.id;
  return [operation, endpoint.dialect, ...(model === null ? [] : [model])].join(" ");
}

describe("Ollama", () => {
  test.each([
    ["/ollama/api/chat", "chat ollama"],
    ["/ollama/api/generate", "chat ollama"],
    ["/ollama/api/embed", "embeddings ollama"],
    ["/ollama/api/embeddings", "embeddings ollama"],
    ["/ollama/api/show", "models ollama"],
    ["/ollama/v1/chat/completions", "chat openai-chat"],
    ["/ollama/api/pull", "no_path"],
    ["/ollama/api/tags", "wrong_method"],
  ])("POST %s: %s", (path, wanted) => {
    expect(found(path)).toBe(wanted);
  });

  test("lists its models and tells its version", () => {
    expect(found("/ollama/api/tags", "GET")).toBe("models ollama");
    expect(found("/ollama/api/version", "GET")).toBe("constant");
    expect(found("/ollama/api/ps", "HEAD")).toBe("constant");
    expect(found("/ollama/api/show", "GET")).toBe("wrong_method");
  });

  test("refuses other paths in its own shape", () => {
    expect(errorDialectOf("/ollama/api/pull")).toBe("ollama");
    expect(errorDialectOf("/ollama/v1/nothing")).toBe("openai-chat");
    expect(errorDialectOf("/v1/nothing")).toBe("openai-chat");
  });

  test("leaves /api at the root to the management API", () => {
    expect(found("/api/chat")).toBe("no_path");
    expect(isInferencePath("/api/chat")).toBe(false);
  });
});

describe("OpenAI", () => {
  test.each(["/v1/completions", "/openai/v1/completions", "/openai/completions"])("completions at %s", (path) => {
    expect(found(path)).toBe("chat openai-completions");
  });
});

describe.each(["/langchain", "/litellm", "/pydanticai"])("%s", (prefix) => {
  test.each([
    ["/v1/chat/completions", "chat openai-chat"],
    ["/chat/completions", "chat openai-chat"],
    ["/openai/v1/chat/completions", "chat openai-chat"],
    ["/v1/responses", "responses openai-responses"],
    ["/v1/embeddings", "embeddings openai"],
    ["/embeddings", "embeddings openai"],
    ["/completions", "chat openai-completions"],
    ["/v1/messages", "chat anthropic-messages"],
    ["/anthropic/v1/messages", "chat anthropic-messages"],
    ["/messages", "chat anthropic-messages"],
    ["/v1beta/models/g:generateContent", "chat gemini g"],
    ["/genai/v1beta/models/g:streamGenerateContent", "chat gemini g"],
    ["/models/g:generateContent", "chat gemini g"],
    ["/ollama/api/chat", "chat ollama"],
    ["/api/chat", "chat ollama"],
  ])("%s: %s", (path, wanted) => {
    expect(found(prefix + path)).toBe(wanted);
  });

  test("lists models", () => {
    expect(found(`${prefix}/v1/models`, "GET")).toBe("models openai-chat");
    expect(found(`${prefix}/v1beta/models`, "GET")).toBe("models gemini");
    expect(found(`${prefix}/models`, "GET")).toBe("models openai-chat");
  });

  test("has nothing else, and not itself again", () => {
    expect(found(`${prefix}/nothing`)).toBe("no_path");
    expect(found(`${prefix}${prefix}/v1/messages`)).toBe("no_path");
    expect(found(prefix)).toBe("no_path");
    expect(isInferencePath(`${prefix}/nothing`)).toBe(true);
  });
});
