import { expect, test } from "bun:test";
import { isInferencePath, matchEndpoint } from "./match.ts";

const headers = new Headers();
const ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x-v1:0";

test.each([
  ["/model/m/converse", "m", "chat", false],
  ["/bedrock/model/m/converse-stream", "m", "chat", true],
  ["/bedrock/model/m/count-tokens", "m", "count_tokens", false],
  [`/model/${encodeURIComponent(ARN)}/converse`, ARN, "chat", false],
  [`/model/${ARN}/converse`, ARN, "chat", false],
  ["/model/bedrock%2Fanthropic.claude-v2%3A1/converse", "bedrock/anthropic.claude-v2:1", "chat", false],
  ["/model/converse/converse", "converse", "chat", false],
])("%s", (path, pathModel, operation, pathStream) => {
  expect(matchEndpoint("POST", path, { headers })).toEqual({
    status: "found",
    endpoint: { type: "inference", operation, dialect: "bedrock-converse", pathModel, pathStream } as never,
  });
  expect(matchEndpoint("GET", path, { headers })).toEqual({ status: "wrong_method", allow: "POST" });
});

test.each(["/model", "/model/", "/model//converse", "/model/m", "/model/m/nonsense", "/models/m/converse"])(
  "%s is no endpoint",
  (path) => {
    expect(matchEndpoint("POST", path, { headers }).status).toBe("no_path");
  },
);

test("management never answers below /model", () => {
  expect(isInferencePath("/model/anything")).toBe(true);
  expect(isInferencePath("/bedrock/anything")).toBe(true);
});
