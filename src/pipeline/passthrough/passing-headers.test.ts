import { expect, test } from "bun:test";
import { parseResponseHead } from "../../lib/http-client/response-head.ts";
import { requestHeaders, responseHeaders } from "./passing-headers.ts";

test("of the client's headers those of its connection, its credentials and its network stay behind", () => {
  const headers = new Headers({
    connection: "keep-alive, x-hop",
    "x-hop": "1",
    te: "trailers",
    authorization: "Bearer x",
    "x-api-key": "x",
    "x-goog-api-key": "x",
    "proxy-authorization": "x",
    cookie: "x",
    "x-forwarded-for": "x",
    "x-trunkline-provider": "x",
    "x-own-key": "x",
    "x-odd": "has sk-tl-key",
    "content-type": "a/b",
    "anthropic-beta": "y",
  });
  expect(requestHeaders(headers, ["x-own-key"])).toEqual({ "content-type": "a/b", "anthropic-beta": "y" });
});

test("of the provider's headers those of its connection, cookies and what is not so any more stay behind", () => {
  const text =
    "HTTP/1.1 200 OK\r\nconnection: x-hop\r\nx-hop: 1\r\nset-cookie: a\r\ncontent-length: 3\r\ncontent-encoding: gzip\r\nx-trunkline-cost: 0\r\nx-a: 1\r\nx-a: 2\r\nretry-after: 3\r\nconstructor: 4\r\n";
  expect(responseHeaders(parseResponseHead(text).headers)).toEqual({
    "x-a": "1, 2",
    "retry-after": "3",
    constructor: "4",
  });
});
