import { expect, test } from "bun:test";
import { GatewayError } from "../canonical/errors.ts";
import type { Call } from "./call.ts";
import { conceal, maskSecrets } from "./conceal.ts";

const SECRET = 'top/sec+ret="&1';
const data = {
  keys: [{ value: SECRET, fields: { id: "short", private: "private-part" } }],
  headers: { a: "of-the-operator", b: "of-the-operator-too" },
};
const call = { provider: { data }, authorization: { authorization: "Bearer made-for-the-call" } } as unknown as Call;

test.each([
  SECRET,
  JSON.stringify(SECRET).slice(1, -1),
  encodeURIComponent(SECRET),
  "top%2fsec%2bret%3d%22%261",
  "private-part",
  "of-the-operator",
  "of-the-operator-too",
  "made-for-the-call",
])("neither an error nor its bytes show %s", (quoted) => {
  const text = `GET https://api.example/v1?key=${quoted} failed`;
  const clean = "GET https://api.example/v1?key=*** failed";
  const error = conceal(new GatewayError("upstream_error", text, { upstream: { status: 500, message: text } }), call);
  expect(error).toMatchObject({ message: clean, fields: { upstream: { message: clean } } });
  expect(maskSecrets(Buffer.from(text), call).toString()).toBe(clean);
});

test("what is no secret stays", () => {
  const error = new GatewayError("upstream_error", "short, and nothing of ours");
  expect(conceal(error, call)).toBe(error);
});
