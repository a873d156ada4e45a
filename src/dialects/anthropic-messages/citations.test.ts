import { describe, expect, test } from "bun:test";
import type { Citation } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import { decodeCitation, encodeCitation, isReturnable } from "./citations.ts";
import { encode } from "./fixtures/requests.ts";
import { anthropicMessages } from "./index.ts";

const page: Citation = { type: "url", url: "https://u.example", title: "U", start: 3, end: 9 };
const document: Citation = { type: "document", title: "D", citedText: "c", start: 3, end: 9 };

describe("a citation of another maker", () => {
  test("says nothing of a place within a document that only its maker knows", () => {
    expect(encodeCitation(document)).toMatchObject({ cited_text: "c", start_char_index: 0, end_char_index: 0 });
  });

  test.each([page, document])("is known again when it comes back: $type", (citation) => {
    const again = decodeCitation(encodeCitation(citation));
    expect(again).toMatchObject({ type: citation.type, title: citation.title });
    expect(again.raw).toBeUndefined();
    expect(isReturnable(again)).toBe(false);
  });

  test("stays behind on the way to the API, with a warning", () => {
    const block = { type: "text", text: "a", citations: [page, document].map(encodeCitation) };
    const messages = [{ role: "assistant", content: [block] }] as JsonObject[];
    const { items, extensions } = anthropicMessages.decodeRequest({ body: { model: "m", max_tokens: 1, messages } });
    const { body, fields } = encode({ items, extensions });
    expect(body["messages"]).toEqual([{ role: "assistant", content: [{ type: "text", text: "a" }] }]);
    expect(fields).toEqual(["dropped_content messages"]);
  });
});

test.each([
  { type: "web_search_result_location", cited_text: "c", url: "u", title: null, encrypted_index: "e" },
  {
    type: "char_location",
    cited_text: "c",
    document_index: 1,
    document_title: null,
    start_char_index: 0,
    end_char_index: 1,
  },
])("the vendor's own go back as they came: $type", (wire) => {
  const citation = decodeCitation(wire);
  expect(isReturnable(citation)).toBe(true);
  expect(encodeCitation(citation)).toEqual(wire);
});
