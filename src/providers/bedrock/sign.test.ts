import { describe, expect, test } from "bun:test";
import type { UnsignedCall } from "../../canonical/signer.ts";
import { awsSigV4 } from "./sign.ts";

const CALL: UnsignedCall = {
  method: "POST",
  host: "bedrock-runtime.us-east-1.amazonaws.com",
  path: "/model/m/converse",
  headers: { "content-type": "application/json", "user-agent": "trunkline", "x-amzn-bedrock-trace": "ENABLED" },
  body: "{}",
};
const NOW = Date.UTC(2026, 10, 25);
const settings = { region: "us-east-1" };
const fields = { access_key_id: "AKIDEXAMPLE", secret_access_key: "secret" };

describe("calls to Amazon Bedrock", () => {
  test("an AWS key signs what no proxy changes", () => {
    expect(awsSigV4.sign(CALL, { value: "", fields, settings }, NOW)).toMatchObject({
      "x-amz-date": "20261125T000000Z",
      authorization: expect.stringContaining(
        "Credential=AKIDEXAMPLE/20261125/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amzn-bedrock-trace, ",
      ),
    });
  });

  test("temporary credentials send their token", () => {
    const temporary = { ...fields, session_token: "token" };
    expect(awsSigV4.sign(CALL, { value: "", fields: temporary, settings }, NOW)).toMatchObject({
      "x-amz-security-token": "token",
    });
  });

  test("an incomplete credential is refused without a word of it", () => {
    for (const [given, where] of [
      [{ access_key_id: "AKIDEXAMPLE" }, settings],
      [{ secret_access_key: "secret" }, settings],
      [fields, {}],
    ] as [Record<string, string>, Record<string, string>][]) {
      expect(() => awsSigV4.sign(CALL, { value: "", fields: given, settings: where }, NOW)).toThrow(
        "the AWS credential or its region is incomplete",
      );
    }
  });

  test("no credential signs nothing", () => {
    expect(awsSigV4.sign(CALL, { value: "", fields: {}, settings }, NOW)).toEqual({});
  });
});
