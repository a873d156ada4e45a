import { expect, test } from "bun:test";
import { parseOrigin } from "../lib/http-client/index.ts";
import { followedAddress } from "./followed-address.ts";
import type { ReadyKey } from "./provider-key.ts";
import type { ReadyProvider } from "./provider.ts";

const provider = { data: { name: "p", manifest: { followHosts: ["*.example.com"] } } } as unknown as ReadyProvider;
const key = { origin: parseOrigin("http://127.0.0.1:9") } as ReadyKey;

test("the key's own host and those of the manifest are followed", () => {
  expect(followedAddress("http://127.0.0.1:9/a?b=c", provider, key)).toMatchObject({ path: "/a?b=c" });
  expect(followedAddress("https://eu.example.com/x", provider, key)).toMatchObject({
    origin: { host: "eu.example.com", protocol: "https:" },
    path: "/x",
  });
});

test.each([
  "http://127.0.0.1:8/a",
  "http://eu.example.com/x",
  "https://eu.example.com:8443/x",
  "https://example.com.evil.test/x",
  "https://evil.test/.example.com",
  "https://user:pass@eu.example.com/x",
  "file:///etc/passwd",
  "https://",
])("%s is not", (address) => {
  expect(() => followedAddress(address, provider, key)).toThrow("leads on to");
});
