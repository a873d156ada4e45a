import assert from "node:assert/strict";
import { chat } from "../chat.ts";

export const env = { DEMO_KEY_EAST: "a", DEMO_KEY_WEST: "b" };

const TURNS = 8;
/** The demo answers with one word, without a pause. */
const messages = [{ role: "user", content: "[demo text=ok latency_ms=0 tokens_per_second=100000]" }];

/** Lets sessions take their turns: each stays where it began, not all of them begin at one place. */
export async function check(url: string): Promise<void> {
  const places = new Set<string>();
  for (let session = 0; session < 24; session += 1) {
    const own = await placesOf(url, "assistant", { "x-session-id": `s${session}` }, TURNS);
    assert.equal(own.size, 1, `session ${session} was at ${[...own].join(", ")}`);
    for (const place of own) places.add(place);
  }
  assert.ok(places.size > 1, "all sessions are at one place");

  const loose = await placesOf(url, "loose", { "x-session-id": "s0" }, 24);
  assert.ok(loose.size > 1, "a group that is off stays at one place");

  const cached = await chat(url, { model: "assistant", messages, prompt_cache_key: "k" });
  assert.equal(cached.header("route"), "alias=assistant; sticky=prompt_cache_key: begins");
}

async function placesOf(
  url: string,
  model: string,
  headers: Record<string, string>,
  turns: number,
): Promise<Set<string>> {
  const places = new Set<string>();
  for (let turn = 0; turn < turns; turn += 1) {
    const answer = await chat(url, { model, messages }, headers);
    assert.equal(answer.status, 200, answer.error.message);
    places.add(`${answer.header("model")} ${answer.header("key")}`);
  }
  return places;
}
