import { expect, test } from "bun:test";
import { presentedKey } from "./credential.ts";

const KEY = "sk-tl-app-0123456789";
const signature = (credential: string): Headers =>
  new Headers({ authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00` });

test.each([
  ["the access key id of a signature", signature(`${KEY}/20261125/us-east-1/bedrock/aws4_request`), KEY],
  ["an access key of AWS", signature("AKIDEXAMPLE/20261125/us-east-1/bedrock/aws4_request"), null],
  ["a key that stands elsewhere in a signature", signature(`x/${KEY}/us-east-1/bedrock/aws4_request`), null],
  ["a key without a scope", signature(KEY), null],
  ["another scheme", new Headers({ authorization: `AWS4-X Credential=${KEY}/20261125/` }), null],
])("%s", (_name, headers, expected) => {
  expect(presentedKey(headers, null)).toBe(expected);
});

test("a signature with AWS's own key leaves the other places open", () => {
  const headers = signature("AKIDEXAMPLE/20261125/us-east-1/bedrock/aws4_request");
  headers.set("x-api-key", KEY);
  expect(presentedKey(headers, null)).toBe(KEY);
});
