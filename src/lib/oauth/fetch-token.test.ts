import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { fetchToken, TokenError } from "./index.ts";
import { startTokenServer, tokenAnswer } from "./fixtures/token-server.ts";

const server = startTokenServer();
const usual = server.answer;
afterAll(() => server.stop());
beforeEach(() => {
  server.asked.length = 0;
  server.answer = usual;
});

const SECRET = "the secret of the form";
const ask = () => fetchToken({ url: `${server.url}/token`, form: { grant_type: "x y", secret: SECRET } });

async function failure(asking: Promise<unknown>): Promise<{ kind: string; message: string }> {
  try {
    await asking;
  } catch (error) {
    if (error instanceof TokenError) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error("it did not fail");
}

test("posts a form and reads token and life", async () => {
  expect(await ask()).toEqual({ value: "token-1", lifeMs: 3_600_000 });
  expect(server.asked).toEqual([
    { path: "/token", type: "application/x-www-form-urlencoded", form: { grant_type: "x y", secret: SECRET } },
  ]);
});

test("a life in a text, as Entra's older endpoint writes it, and one that is missing", async () => {
  server.answer = () => tokenAnswer("t", "3599");
  expect((await ask()).lifeMs).toBe(3_599_000);
  server.answer = () => Response.json({ access_token: "t" });
  expect((await ask()).lifeMs).toBe(300_000);
});

describe("failures", () => {
  test.each([400, 401, 403])(
    "status %d refuses the credential, with the word that the standard knows",
    async (status) => {
      server.answer = () => Response.json({ error: "invalid_grant", error_description: SECRET }, { status });
      expect(await failure(ask())).toEqual({
        kind: "refused",
        message: `the token endpoint refused the credential (status ${status}, invalid_grant)`,
      });
    },
  );

  test("other words of the endpoint are not repeated", async () => {
    server.answer = () => Response.json({ error: SECRET }, { status: 400 });
    expect((await failure(ask())).message).toBe("the token endpoint refused the credential (status 400)");
    server.answer = () => new Response(`<html>${SECRET}`, { status: 401 });
    expect((await failure(ask())).message).not.toContain(SECRET);
  });

  test.each([408, 429, 500, 503, 302])("status %d is no refusal", async (status) => {
    server.answer = () => new Response("later", { status, headers: { location: "http://127.0.0.1:1/" } });
    expect((await failure(ask())).kind).toBe("unavailable");
  });

  test.each([
    ["no JSON", "token"],
    ["no object", "[]"],
    ["no token", "{}"],
    ["an empty token", '{"access_token":""}'],
    ["a token that would break out of its header", '{"access_token":"a\\r\\nx-evil: 1"}'],
    ["a life that is over", '{"access_token":"a","expires_in":0}'],
    ["a life that is no number", '{"access_token":"a","expires_in":"soon"}'],
  ])("an answer with %s", async (_, body) => {
    server.answer = () => new Response(body);
    expect(await failure(ask())).toEqual({
      kind: "unavailable",
      message: "the token endpoint answered without a token",
    });
  });

  test("an answer without end, a redirect, and nobody there", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    server.answer = () => new Response(endless);
    expect((await failure(ask())).kind).toBe("unavailable");
    server.answer = () => Response.redirect(`${server.url}/elsewhere`, 307);
    expect((await failure(ask())).message).toBe("the token endpoint could not be reached");
    expect(server.asked.map(({ path }) => path)).not.toContain("/elsewhere");
    expect(await failure(fetchToken({ url: "http://127.0.0.1:1/token", form: {} }))).toEqual({
      kind: "unavailable",
      message: "the token endpoint could not be reached",
    });
  });
});
