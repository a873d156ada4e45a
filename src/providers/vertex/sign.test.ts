import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayError } from "../../canonical/errors.ts";
import type { Credential, UnsignedCall } from "../../canonical/signer.ts";
import { startTokenServer } from "../../lib/oauth/fixtures/token-server.ts";
import { googleOauth, googleSource } from "./sign.ts";

const server = startTokenServer();
const usual = server.answer;
const folder = mkdtempSync(join(tmpdir(), "trunkline-vertex-"));
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.asked.length = 0;
  server.answer = usual;
});

const NOW = 1_328_554_385_000;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" });
const EMAIL = "761326798069-r5mljlln1rd4lrbhg75efgigp36m78j5@developer.gserviceaccount.com";
const CALL: UnsignedCall = { method: "POST", host: "example.com", path: "/", headers: {}, body: "" };

let accounts = 0;
/** A service account that no other test has, so that none finds the token of another. */
function account(more: object = {}): Record<string, unknown> {
  accounts += 1;
  return {
    type: "service_account",
    client_email: `${accounts}.${EMAIL}`,
    private_key: PEM,
    private_key_id: "key-1",
    token_uri: `${server.url}/token`,
    ...more,
  };
}

function credential(value: string | object, fields: Record<string, string> = {}): Credential {
  return { value: typeof value === "string" ? value : JSON.stringify(value), fields, settings: {} };
}

const sign = async (given: Credential, now = NOW) => googleOauth.sign(CALL, given, now);

async function failure(given: Credential): Promise<GatewayError> {
  try {
    await sign(given);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

const decoded = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString());

describe("a service account", () => {
  test("asks for a token as https://developers.google.com/identity/protocols/oauth2/service-account says", async () => {
    const given = account({ client_email: EMAIL });
    expect(await sign(credential(given))).toEqual({ authorization: "Bearer token-1" });
    const [asked] = server.asked;
    expect(asked).toMatchObject({ path: "/token", type: "application/x-www-form-urlencoded" });
    expect(asked?.form["grant_type"]).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head, claims, signature = ""] = asked?.form["assertion"]?.split(".") ?? [];
    expect(decoded(head)).toEqual({ alg: "RS256", typ: "JWT", kid: "key-1" });
    expect(decoded(claims)).toEqual({
      iss: EMAIL,
      scope: "https://www.googleapis.com/auth/cloud-platform",
      aud: `${server.url}/token`,
      iat: 1_328_554_385,
      exp: 1_328_557_985,
    });
    const isGenuine = verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    expect(isGenuine).toBe(true);
  });

  test("asks Google unless its file says otherwise; parts cannot", () => {
    const { token } = googleSource(
      credential("", { client_email: EMAIL, private_key: PEM, token_uri: "https://evil" }),
    );
    if (typeof token === "string") throw new Error("no grant");
    expect(token.request(NOW).url).toBe("https://oauth2.googleapis.com/token");
  });

  test("may stand in a file, or in parts with written-out line breaks", async () => {
    const path = join(folder, "account.json");
    writeFileSync(path, JSON.stringify(account()));
    expect(await sign(credential(path))).toEqual({ authorization: "Bearer token-1" });
    const parts = { client_email: EMAIL, private_key: PEM.replaceAll("\n", "\\n") };
    expect(typeof googleSource(credential("", parts)).token).toBe("object");
  });

  test("is asked for once by calls at the same time, and again before the token ends", async () => {
    const given = credential(account());
    const all = await Promise.all([sign(given), sign(given), sign(given)]);
    expect(new Set(all.map((headers) => headers["authorization"]))).toEqual(new Set(["Bearer token-1"]));
    expect(googleOauth.sign(CALL, given, NOW + 1000)).toEqual({ authorization: "Bearer token-1" });
    expect(server.asked).toHaveLength(1);
    expect(await sign(given, NOW + 3_590_000)).toEqual({ authorization: "Bearer token-2" });
  });

  test("keeps its token when the same credential comes with another snapshot", async () => {
    const given = account();
    await sign(credential(given));
    expect(await sign(credential(given), NOW + 1000)).toEqual({ authorization: "Bearer token-1" });
  });

  test("a token that the provider refuses is fetched anew", async () => {
    const given = credential(account());
    await sign(given);
    googleOauth.refused?.(given, NOW + 120_000);
    expect(await sign(given, NOW + 120_001)).toEqual({ authorization: "Bearer token-2" });
  });
});

test("an authorized user's refresh token goes to Google alone", () => {
  const user = { type: "authorized_user", client_id: "id", client_secret: "secret", refresh_token: "1//refresh" };
  const { token, headers } = googleSource(
    credential({ ...user, quota_project_id: "billing", token_uri: "https://evil.example.com" }),
  );
  if (typeof token === "string") throw new Error("no grant");
  expect(token.request(NOW)).toEqual({
    url: "https://oauth2.googleapis.com/token",
    form: { grant_type: "refresh_token", client_id: "id", client_secret: "secret", refresh_token: "1//refresh" },
  });
  expect(headers).toEqual({ "x-goog-user-project": "billing" });
});

test("a ready access token is sent as it is", async () => {
  expect(await sign(credential("ya29.token"))).toEqual({ authorization: "Bearer ya29.token" });
  expect(server.asked).toEqual([]);
});

describe("what will not do", () => {
  test.each([
    ["an API key", "AIzaSyExample", "vertex-express"],
    ["no JSON", `{"private_key": ${PEM}`, "is no JSON object"],
    ["another type", { type: "external_account" }, "neither of type"],
    ["a missing e-mail", { type: "service_account", private_key: PEM }, "has no client_email"],
    ["a missing key", { type: "service_account", client_email: EMAIL }, "has no private_key"],
    ["a broken key", { type: "service_account", client_email: EMAIL, private_key: "no key" }, "is no PEM key"],
    ["a user without token", { type: "authorized_user", client_id: "a", client_secret: "b" }, "no refresh_token"],
    ["a missing file", "/nowhere/account.json", "cannot be read"],
    ["nothing", "", "has no client_email"],
  ])("%s", async (_, value, message) => {
    const error = await failure(credential(value));
    expect(error.code).toBe("upstream_auth");
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("PRIVATE KEY");
  });

  test.each(["http://example.com/token", "file:///token", "token"])("a token_uri like %s", async (token_uri) => {
    expect((await failure(credential(account({ token_uri })))).message).toContain("token_uri is not https");
  });
});

describe("a token endpoint that", () => {
  test("refuses makes the key's fault, once for a while", async () => {
    server.answer = () => Response.json({ error: "invalid_grant", error_description: EMAIL }, { status: 400 });
    const given = credential(account());
    const first = await failure(given);
    expect([first.code, first.message]).toEqual([
      "upstream_auth",
      "the token endpoint refused the credential (status 400, invalid_grant)",
    ]);
    expect((await failure(given)).code).toBe("upstream_auth");
    expect(server.asked).toHaveLength(1);
  });

  test.each([
    ["answers garbage", () => new Response("<html>")],
    ["is overloaded", () => new Response("", { status: 503 })],
  ])("%s is unreachable", async (_, answer) => {
    server.answer = answer;
    expect((await failure(credential(account()))).code).toBe("upstream_unreachable");
  });

  test("is down is unreachable", async () => {
    const error = await failure(credential(account({ token_uri: "http://127.0.0.1:1/token" })));
    expect(error.code).toBe("upstream_unreachable");
  });
});
