import { describe, expect, test } from "bun:test";
import { isTokenUrl, TokenCache, TokenError, type Token, type TokenGrant } from "./index.ts";

const HOUR = 3_600_000;
const START = 1_800_000_000_000;

/** A cache whose fetches are answered by hand. */
function scene() {
  const open: { resolve: (token: Token) => void; reject: (error: unknown) => void }[] = [];
  const cache = new TokenCache(() => new Promise((resolve, reject) => open.push({ resolve, reject })));
  const ask = async (given: TokenGrant, now: number): Promise<string> => cache.get(given, now);
  let fetches = 0;
  const grant = (id = "one"): TokenGrant => ({
    id,
    request: () => {
      fetches += 1;
      return { url: "https://example.com", form: {} };
    },
  });
  const next = () => {
    const found = open.shift();
    if (found === undefined) throw new Error("nothing is being fetched");
    return found;
  };
  return { cache, ask, grant, next, fetches: () => fetches };
}

async function filled(lifeMs = HOUR) {
  const made = scene();
  const first = made.cache.get(made.grant(), START);
  made.next().resolve({ value: "first", lifeMs });
  await first;
  return made;
}

describe("a token", () => {
  test("is fetched once for all who wait, and then at hand without a promise", async () => {
    const { cache, ask, grant, next, fetches } = scene();
    const waiting = [ask(grant(), START), ask(grant(), START + 5), ask(grant(), START + 9)];
    next().resolve({ value: "first", lifeMs: HOUR });
    expect(await Promise.all(waiting)).toEqual(["first", "first", "first"]);
    expect(cache.get(grant(), START + 10)).toBe("first");
    expect(fetches()).toBe(1);
  });

  test("each credential has its own", async () => {
    const { cache, grant, next } = await filled();
    const other = cache.get(grant("two"), START);
    next().resolve({ value: "second", lifeMs: HOUR });
    expect(await other).toBe("second");
    expect(cache.get(grant(), START)).toBe("first");
  });

  test("near its end it is renewed behind the calls that still use it", async () => {
    const { cache, grant, next, fetches } = await filled();
    expect(cache.get(grant(), START + HOUR - 300_001)).toBe("first");
    expect(fetches()).toBe(1);
    expect(cache.get(grant(), START + HOUR - 300_000)).toBe("first");
    expect(cache.get(grant(), START + HOUR - 299_000)).toBe("first");
    expect(fetches()).toBe(2);
    next().resolve({ value: "second", lifeMs: HOUR });
    await Bun.sleep(0);
    expect(cache.get(grant(), START + HOUR - 200_000)).toBe("second");
  });

  test("it is not used in its last half minute", async () => {
    const { cache, grant, next } = await filled();
    expect(cache.get(grant(), START + HOUR - 30_001)).toBe("first");
    next().reject(new TokenError("unavailable", "down"));
    await Bun.sleep(0);
    const late = cache.get(grant(), START + HOUR - 10_000);
    next().resolve({ value: "second", lifeMs: HOUR });
    expect(await late).toBe("second");
  });

  test("one of a short life serves for half of it", async () => {
    const { cache, grant, fetches } = await filled(20_000);
    expect(cache.get(grant(), START + 9_999)).toBe("first");
    expect(fetches()).toBe(1);
    expect(cache.get(grant(), START + 10_000)).toBeInstanceOf(Promise);
  });

  test("once refused it is fetched anew, unless it is young", async () => {
    const { cache, grant, fetches } = await filled();
    cache.forget(grant(), START + 59_999);
    expect(cache.get(grant(), START + 60_000)).toBe("first");
    cache.forget(grant(), START + 60_000);
    expect(cache.get(grant(), START + 60_000)).toBeInstanceOf(Promise);
    expect(fetches()).toBe(2);
  });
});

describe("a failure", () => {
  test("reaches all who wait; the next fetch waits ever longer, up to a minute", async () => {
    const { cache, ask, grant, next, fetches } = scene();
    const down = new TokenError("unavailable", "down");
    let now = START;
    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      const count = fetches();
      const waiting = [ask(grant(), now), ask(grant(), now)];
      next().reject(down);
      for (const result of await Promise.allSettled(waiting)) expect(result).toMatchObject({ reason: down });
      expect(() => cache.get(grant(), now + pause - 1)).toThrow(down);
      expect(fetches()).toBe(count + 1);
      // The pause begins when the failure came, a little after `now`.
      now += pause + 5_000;
    }
    const healed = cache.get(grant(), now);
    next().resolve({ value: "at last", lifeMs: HOUR });
    expect(await healed).toBe("at last");
  });

  test("leaves a token that still serves alone", async () => {
    const { cache, grant, next, fetches } = await filled();
    const late = START + HOUR - 200_000;
    expect(cache.get(grant(), late)).toBe("first");
    next().reject(new TokenError("unavailable", "down"));
    await Bun.sleep(0);
    expect(cache.get(grant(), late + 500)).toBe("first");
    expect(fetches()).toBe(2);
    expect(cache.get(grant(), late + 10_000)).toBe("first");
    expect(fetches()).toBe(3);
  });

  test("of a grant that cannot be asked for, or an unknown one, is a TokenError as well", async () => {
    const cache = new TokenCache(() => Promise.reject(new Error("the secret")));
    const ask = async (): Promise<string> => cache.get({ id: "x", request: () => ({ url: "", form: {} }) }, START);
    const failed = await ask().catch((thrown: unknown) => thrown);
    expect(failed).toEqual(new TokenError("unavailable", "the token could not be fetched"));
  });
});

test("what is over is not kept", async () => {
  const { cache, grant, next } = await filled();
  const kept = () => (cache as unknown as { entries: Map<string, unknown> }).entries.size;
  const later = cache.get(grant("two"), START + 2 * HOUR);
  expect(kept()).toBe(1);
  next().resolve({ value: "second", lifeMs: HOUR });
  await later;
  void cache.get(grant("three"), START + 2 * HOUR);
  expect(kept()).toBe(2);
});

test.each([
  ["https://oauth2.googleapis.com/token", true],
  ["http://127.0.0.1:8000/token", true],
  ["http://localhost/token", true],
  ["http://[::1]:9/token", true],
  ["http://oauth2.googleapis.com/token", false],
  ["http://127.0.0.1.example.com/token", false],
  ["https://user:secret@example.com/token", false],
  ["file:///etc/passwd", false],
  ["token", false],
])("%s may be sent a credential: %s", (url, isAllowed) => {
  expect(isTokenUrl(url)).toBe(isAllowed);
});
