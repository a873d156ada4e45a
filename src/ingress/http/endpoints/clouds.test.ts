import { describe, expect, test } from "bun:test";
import { isInferencePath, matchEndpoint } from "./match.ts";

const HINTS = { headers: new Headers() };
const found = (path: string, method = "POST") => {
  const match = matchEndpoint(method, path, HINTS);
  return match.status === "found" ? match.endpoint : match;
};

describe("Azure's deployments", () => {
  test.each([
    ["/openai/deployments/gpt-4o/chat/completions", "chat", "gpt-4o"],
    ["/openai/deployments/my%20model/embeddings", "embeddings", "my model"],
    ["/openai/deployments/openai/gpt-4o/chat/completions", "chat", "openai/gpt-4o"],
    ["/openai/deployments/x/responses", "responses", "x"],
  ])("%s", (path, operation, bodyModel) => {
    expect(found(path)).toMatchObject({ type: "inference", operation, bodyModel, pathModel: null });
  });

  test.each(["/openai/deployments/x", "/openai/deployments/x/nothing", "/openai/deployments/chat/completions"])(
    "%s is none",
    (path) => {
      expect(matchEndpoint("POST", path, HINTS)).toEqual({ status: "no_path" });
    },
  );

  test("take a POST", () => {
    expect(found("/openai/deployments/x/embeddings", "GET")).toEqual({ status: "wrong_method", allow: "POST" });
  });
});

describe("Vertex AI's paths", () => {
  const LONG = "projects/my-project/locations/us-central1/publishers";
  test.each([
    [`/v1beta1/${LONG}/google/models/gemini-2.5-pro:generateContent`, "chat", "gemini-2.5-pro"],
    [`/v1/${LONG}/google/models/gemini-2.5-pro:generateContent`, "chat", "gemini-2.5-pro"],
    [`/genai/v1beta1/${LONG}/google/models/gemini-2.5-pro:countTokens`, "count_tokens", "gemini-2.5-pro"],
    ["/genai/v1/publishers/google/models/gemini-2.5-pro:generateContent", "chat", "gemini-2.5-pro"],
    [`/genai/${LONG}/google/models/text-embedding-005:predict`, "embeddings", "text-embedding-005"],
    ["/v1beta1/publishers/openai/models/gpt-4o:generateContent", "chat", "openai/gpt-4o"],
  ])("%s", (path, operation, pathModel) => {
    expect(found(path)).toMatchObject({ type: "inference", operation, pathModel, pathStream: false });
  });

  test("the method says whether it streams", () => {
    expect(found("/v1beta1/publishers/google/models/g:streamGenerateContent")).toMatchObject({ pathStream: true });
  });

  test.each([
    "/v1beta1/publishers/google/models/g:unknown",
    "/v1beta1/publishers/google:generateContent",
    "/v1beta1/projects/p:generateContent",
    "/v1beta1/elsewhere/publishers/google/models/g:generateContent",
  ])("%s is none", (path) => {
    expect(matchEndpoint("POST", path, HINTS)).toEqual({ status: "no_path" });
    expect(isInferencePath(path)).toBe(true);
  });
});
