import { afterAll, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { Credential } from "../../canonical/signer.ts";
import { startTokenServer } from "../../lib/oauth/fixtures/token-server.ts";
import { entra, entraSource } from "./sign.ts";

const server = startTokenServer();
afterAll(() => server.stop());

const FIELDS = {
  tenant_id: "contoso.onmicrosoft.com",
  client_id: "00001111-aaaa",
  client_secret: "qWgdYAmab0YSkuL1qKv5bPX",
};
const SCOPE = "https://cognitiveservices.azure.com/.default";

function credential(authority: string, fields: Record<string, string> = FIELDS): Credential {
  return { value: "", fields, settings: { authority, scope: SCOPE } };
}

test("asks for a token as Microsoft's page on client credentials says", async () => {
  const call = { method: "POST", host: "example.com", path: "/", headers: {}, body: "" };
  const signed = await entra.sign(call, credential(`${server.url}/`), 1_800_000_000_000);
  expect(signed).toEqual({ authorization: "Bearer token-1" });
  expect(server.asked).toEqual([
    {
      path: "/contoso.onmicrosoft.com/oauth2/v2.0/token",
      type: "application/x-www-form-urlencoded",
      form: {
        grant_type: "client_credentials",
        client_id: FIELDS.client_id,
        client_secret: FIELDS.client_secret,
        scope: SCOPE,
      },
    },
  ]);
});

test.each([
  ["client_secret", credential("https://login.microsoftonline.com", { tenant_id: "t", client_id: "c" })],
  ["authority", credential("http://login.example.com")],
  ["tenant_id", credential("https://login.microsoftonline.com", {})],
])("without a proper %s it says so", (what, given) => {
  expect(() => entraSource(given)).toThrow(GatewayError);
  expect(() => entraSource(given)).toThrow(what);
});

test("a tenant cannot lead to another path", () => {
  const { token } = entraSource(credential("https://login.microsoftonline.com", { ...FIELDS, tenant_id: "../x" }));
  if (typeof token === "string") throw new Error("no grant");
  expect(token.request(0).url).toBe("https://login.microsoftonline.com/..%2Fx/oauth2/v2.0/token");
});
