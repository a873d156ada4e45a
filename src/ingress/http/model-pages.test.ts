import { expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import { pageOf, type Page } from "./model-pages.ts";
import type { ModelShape } from "./models.ts";

const MODELS = ["a", "b", "c", "d", "e"].map((id) => ({ id }));

function page(shape: ModelShape, query: string): [ids: string, hasMore: boolean] {
  const { items, hasMore }: Page<{ id: string }> = pageOf(MODELS, shape, new URLSearchParams(query));
  return [items.map(({ id }) => id).join(""), hasMore];
}

test.each<[ModelShape, string, string, boolean]>([
  ["anthropic-messages", "", "abcde", false],
  ["anthropic-messages", "limit=2", "ab", true],
  ["anthropic-messages", "limit=5", "abcde", false],
  ["anthropic-messages", "limit=2&after_id=b", "cd", true],
  ["anthropic-messages", "limit=2&after_id=c", "de", false],
  ["anthropic-messages", "after_id=e", "", false],
  ["anthropic-messages", "limit=2&before_id=d", "bc", true],
  ["anthropic-messages", "limit=2&before_id=c", "ab", false],
  ["anthropic-messages", "before_id=a", "", false],
  ["anthropic-messages", "limit=999999", "abcde", false],
  ["gemini", "pageSize=3", "abc", true],
  ["gemini", "pageSize=3&pageToken=c", "de", false],
  ["cohere", "page_size=4&page_token=a", "bcde", false],
  ["openai-chat", "limit=2&after_id=b", "abcde", false],
])("%s ?%s: %s, more: %p", (shape, query, ids, hasMore) => {
  expect(page(shape, query)).toEqual([ids, hasMore]);
});

test("pages one after the other hold everything once, in both directions", () => {
  let [seen, more] = page("gemini", "pageSize=2");
  while (more) {
    const next = page("gemini", `pageSize=2&pageToken=${seen.at(-1)}`);
    [seen, more] = [seen + next[0], next[1]];
  }
  expect(seen).toBe("abcde");
  [seen, more] = page("anthropic-messages", "limit=2&before_id=e");
  while (more) {
    const next = page("anthropic-messages", `limit=2&before_id=${seen[0]}`);
    [seen, more] = [next[0] + seen, next[1]];
  }
  expect(seen).toBe("abcd");
});

test.each<[ModelShape, string, string]>([
  ["anthropic-messages", "limit=0", "limit"],
  ["anthropic-messages", "limit=-1", "limit"],
  ["anthropic-messages", "limit=1e3", "limit"],
  ["anthropic-messages", "limit=", "limit"],
  ["anthropic-messages", "after_id=z", "after_id"],
  ["anthropic-messages", "before_id=z", "before_id"],
  ["anthropic-messages", "before_id=b&after_id=a", "before_id"],
  ["gemini", "pageSize=two", "pageSize"],
  ["gemini", "pageToken=%00", "pageToken"],
  ["cohere", "page_token=z", "page_token"],
])("%s ?%s is refused, by the name of %s", (shape, query, param) => {
  let thrown: unknown;
  try {
    page(shape, query);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(GatewayError);
  expect(thrown).toMatchObject({ code: "invalid_request", fields: { param } });
});
