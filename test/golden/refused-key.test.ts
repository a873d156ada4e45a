import { expect, test } from "bun:test";
import { dialectNamed } from "./pairs.ts";

test.each(["openai-chat", "openai-responses"] as const)(
  "%s: a wrong key that comes as a 400 is the key's fault",
  (name) => {
    const { decodeError } = dialectNamed(name);
    const body = { code: "invalid-argument", error: "Incorrect API key provided. Get one elsewhere." };
    expect(decodeError(400, body)).toMatchObject({ status: 401, code: "invalid-argument" });
    expect(decodeError(400, { code: "invalid-argument", error: "n is too high" }).status).toBe(400);
  },
);
