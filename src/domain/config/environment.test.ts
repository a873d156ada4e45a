import { expect, test } from "bun:test";
import { defineProvider } from "../../canonical/provider.ts";
import { providersFromEnvironment } from "./environment.ts";

const provider = (name: string, keyVariables: string[]) =>
  defineProvider({
    name,
    title: name,
    docs: "",
    baseUrl: "",
    auth: { type: "bearer" },
    headers: {},
    wires: [],
    forwardHeaders: [],
    keyVariables,
  });

test("the first variable that is set switches a provider on; an empty one does not", () => {
  const manifests = [
    provider("gemini", ["GEMINI_API_KEY", "GOOGLE_API_KEY"]),
    provider("openai", ["OPENAI_API_KEY"]),
    provider("demo", []),
  ];
  const found = providersFromEnvironment(manifests, { GEMINI_API_KEY: "", GOOGLE_API_KEY: "g", OTHER: "x" });
  expect(found.map(({ name, variable, value }) => [name, variable, value.reveal()])).toEqual([
    ["gemini", "GOOGLE_API_KEY", "g"],
  ]);
  expect(JSON.stringify(found)).toContain("***");
});
