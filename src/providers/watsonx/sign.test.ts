import { afterAll, expect, test } from "bun:test";
import { startTokenServer } from "../../lib/oauth/fixtures/token-server.ts";
import { ibmIam, ibmSource } from "./sign.ts";

const server = startTokenServer();
afterAll(() => server.stop());

test("exchanges the API key as IBM's page on tokens says", async () => {
  const call = { method: "POST", host: "example.com", path: "/", headers: {}, body: "" };
  const credential = { value: "an-api-key", fields: {}, settings: { iam_url: server.url } };
  expect(await ibmIam.sign(call, credential, 1_800_000_000_000)).toEqual({ authorization: "Bearer token-1" });
  expect(server.asked).toEqual([
    {
      path: "/identity/token",
      type: "application/x-www-form-urlencoded",
      form: { grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: "an-api-key" },
    },
  ]);
});

test.each([
  ["", "https://iam.cloud.ibm.com"],
  ["an-api-key", "http://iam.example.com"],
])("key %j at %s is refused", (value, iam_url) => {
  expect(() => ibmSource({ value, fields: {}, settings: { iam_url } })).toThrow(/empty|no https/);
});
