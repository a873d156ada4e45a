import { describe, expect, test } from "bun:test";
import { signV4, type SignableRequest } from "./sigv4.ts";

/** Key, scope and time of AWS's own test suite for Signature Version 4. */
const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const SCOPE = { region: "us-east-1", service: "service" };
const NOW = Date.UTC(2015, 7, 30, 12, 36, 0);

const ROOT: SignableRequest = { method: "GET", host: "example.amazonaws.com", path: "/", headers: {}, body: "" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

const GET_VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

/** Cases of the suite by name, with their signatures. Its paths stand there as they are: one encoding is what it wants of them. */
const SUITE: readonly [string, Partial<SignableRequest>, string][] = [
  ["get-vanilla", {}, GET_VANILLA],
  ["post-vanilla", { method: "POST" }, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "get-vanilla-query-order-key-case",
    { path: "/?Param2=value2&Param1=value1" },
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "get-vanilla-query-unreserved",
    {
      path: "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    },
    "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  ],
  ["get-utf8", { path: "/ሴ" }, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"],
  ["get-space", { path: "/example space/" }, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"],
  ["get-slashes", { path: "//example//" }, "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"],
  ["get-relative-relative", { path: "/example1/example2/../.." }, GET_VANILLA],
  [
    "post-x-www-form-urlencoded",
    { method: "POST", headers: FORM, body: "Param1=value1" },
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
];

describe("AWS Signature Version 4", () => {
  for (const [name, request, signature] of SUITE) {
    test(`signs ${name} of the suite`, () => {
      const headers = signV4({ ...ROOT, ...request }, KEY, SCOPE, NOW);
      expect(headers["x-amz-date"]).toBe("20150830T123600Z");
      expect(headers["authorization"]).toEndWith(`Signature=${signature}`);
    });
  }

  test("names what it signed, in order", () => {
    const { authorization } = signV4({ ...ROOT, method: "POST", headers: FORM }, KEY, SCOPE, NOW);
    expect(authorization).toStartWith(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, ",
    );
  });

  test("signs the session token of temporary credentials (post-sts-header-before of the suite)", () => {
    const sessionToken =
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    const headers = signV4({ ...ROOT, method: "POST" }, { ...KEY, sessionToken }, SCOPE, NOW);
    expect(headers["x-amz-security-token"]).toBe(sessionToken);
    expect(headers["authorization"]).toEndWith(
      "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    );
  });

  test("bytes and text of a body sign alike", () => {
    const text = signV4({ ...ROOT, method: "POST", body: "Grüße" }, KEY, SCOPE, NOW);
    expect(signV4({ ...ROOT, method: "POST", body: Buffer.from("Grüße") }, KEY, SCOPE, NOW)).toEqual(text);
  });
});
