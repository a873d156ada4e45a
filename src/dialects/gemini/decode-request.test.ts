import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import { decodeRequest } from "./decode-request.ts";

const decode = (body: JsonObject): ChatRequest => decodeRequest({ body, pathModel: "m" });

test("bytes in the URL-safe alphabet, as the Python SDK sends them, reach others in the standard one", () => {
  const data = { mimeType: "image/png", data: "iVBORw0KGgo-_-8=" };
  const response = { name: "f", response: {}, parts: [{ inlineData: data }] };
  const { items } = decode({ contents: [{ parts: [{ inlineData: data }, { functionResponse: response }] }] });
  const sources = items.flatMap((item) => ("content" in item ? item.content : []));
  expect(sources.filter(({ type }) => type === "image")).toMatchObject([
    { source: { type: "base64", data: "iVBORw0KGgo+/+8=" } },
    { source: { type: "base64", data: "iVBORw0KGgo+/+8=" } },
  ]);
});

test("one tool, or one function, may stand in place of the list", () => {
  const tools = { functionDeclarations: { name: "f" } };
  expect(decode({ contents: "hi", tools }).tools).toMatchObject([{ type: "function", name: "f" }]);
});
