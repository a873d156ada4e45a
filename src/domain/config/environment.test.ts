import { describe, expect, test } from "bun:test";
import { defineProvider } from "../../canonical/provider.ts";
import { credentialFromEnvironment, providersFromEnvironment, settingsOf } from "./environment.ts";

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

const cloud = defineProvider({
  ...provider("cloud", []),
  settings: [
    { name: "resource", description: "", variables: ["RESOURCE"], optional: true },
    { name: "location", description: "", variables: ["LOCATION"], default: "global" },
    { name: "host", description: "", variables: [], default: "{resource}.example.com" },
    {
      name: "place",
      description: "",
      variables: [],
      defaultBy: { setting: "location", values: { global: "api.example.com", "*": "{location}-api.example.com" } },
    },
  ],
  credentials: [
    { name: "id", description: "", variables: ["CLOUD_ID", "CLOUD_ID_2"], required: true },
    { name: "secret", description: "", variables: ["CLOUD_SECRET"], required: true },
    { name: "session", description: "", variables: ["CLOUD_SESSION"], required: false },
  ],
});

describe("settings", () => {
  test("are stated, else from the environment, else the default, which may be made from others", () => {
    expect(settingsOf(cloud, {}, { RESOURCE: "r" })).toEqual({
      resource: "r",
      location: "global",
      host: "r.example.com",
      place: "api.example.com",
    });
    expect(settingsOf(cloud, { location: "eu", host: "other" }, { LOCATION: "us", RESOURCE: "" })).toEqual({
      location: "eu",
      host: "other",
      place: "eu-api.example.com",
    });
  });

  test("from the environment are no address of their own", () => {
    expect(settingsOf(cloud, {}, { LOCATION: "evil.com/?" })).toMatchObject({ location: "global" });
  });
});

describe("a credential of parts", () => {
  test("stands in the environment when all that is needed does", () => {
    expect(credentialFromEnvironment(cloud, { CLOUD_ID: "a" })).toBeNull();
    const found = credentialFromEnvironment(cloud, { CLOUD_ID_2: "a", CLOUD_SECRET: "b", CLOUD_SESSION: "" });
    expect(found?.variable).toBe("CLOUD_ID_2");
    expect(found?.value.reveal()).toBe("");
    expect(Object.entries(found?.fields ?? {}).map(([name, secret]) => [name, secret.reveal()])).toEqual([
      ["id", "a"],
      ["secret", "b"],
    ]);
  });

  test("switches the provider on once its settings are there", () => {
    const env = { CLOUD_ID: "a", CLOUD_SECRET: "b" };
    expect(providersFromEnvironment([cloud], env)).toEqual([]);
    expect(providersFromEnvironment([cloud], { ...env, RESOURCE: "r" }).map(({ name }) => name)).toEqual(["cloud"]);
  });
});
