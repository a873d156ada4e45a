import { describe, expect, test } from "bun:test";
import { defineProvider } from "../../../canonical/provider.ts";
import { ConfigError, loadConfig } from "../index.ts";

const field = (name: string, required = true) => ({ name, description: name, variables: [], required });

const CLOUD = defineProvider({
  name: "cloud",
  title: "Cloud",
  docs: "https://example.com",
  baseUrl: "https://{host}/v1",
  auth: { type: "signed", signer: "entra", plain: { type: "header", name: "api-key" } },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      paths: { whole: "/projects/{project}/chat" },
      body: { settings: { space_id: "space" } },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["CLOUD_KEY"],
  settings: [
    { name: "project", description: "Id of the project", variables: ["CLOUD_PROJECT", "OTHER_PROJECT"] },
    { name: "region", description: "Region", variables: ["CLOUD_REGION"], default: "global" },
    { name: "host", description: "Host", variables: [], default: "{region}.example.com" },
    { name: "space", description: "Space", variables: [], optional: true },
  ],
  credentials: [field("id"), field("secret"), field("session", false)],
});

const PLAIN = defineProvider({
  ...CLOUD,
  name: "plain",
  baseUrl: "https://example.com",
  wires: [],
  settings: [],
  credentials: [],
});

function problems(provider: object, env: Record<string, string> = { CLOUD_PROJECT: "p" }, name = "cloud"): string[] {
  try {
    loadConfig({ text: JSON.stringify({ providers: { [name]: provider } }), env, manifests: [CLOUD, PLAIN] });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ path, message, remedy }) => `${path}: ${message}${remedy === undefined ? "" : ` (${remedy})`}`,
    );
  }
}

const keyed = (key: object) => ({ keys: [{ name: "main", ...key }] });

describe("a key's credential", () => {
  test.each([
    ["one text", { value: "secret-value" }],
    ["all parts", { credentials: { id: "i", secret: "s", session: "t" } }],
    ["the parts that are needed", { credentials: { id: "i", secret: "s" } }],
    ["a JSON document", { value: '{\n "type": "service_account"\n}' }],
  ])("is %s", (_, key) => {
    expect(problems(keyed(key))).toEqual([]);
  });

  test("is one or the other, and one of them", () => {
    expect(problems(keyed({ value: "v", credentials: { id: "i", secret: "s" } }))).toEqual([
      "providers.cloud.keys[0].credentials: contradicts value (take one of them out)",
    ]);
    expect(problems(keyed({}))).toEqual([
      "providers.cloud.keys[0].value: is required (give it a value, or credentials with id, secret, session)",
    ]);
    expect(problems(keyed({}), {}, "plain")).toEqual(["providers.plain.keys[0].value: is required (give it a value)"]);
  });

  test("has all parts that are needed, and no others", () => {
    const remedy = "give it a value, or credentials with id, secret, session";
    expect(problems(keyed({ credentials: { id: "i", sekret: "s" } }))).toEqual([
      `providers.cloud.keys[0].credentials.secret: is required (${remedy})`,
      `providers.cloud.keys[0].credentials.sekret: is no part of this provider's credential (${remedy})`,
    ]);
    expect(problems(keyed({ credentials: { id: "i" } }), {}, "plain")).toHaveLength(1);
  });

  test("of one text stands on one line", () => {
    expect(problems(keyed({ value: "secret\nx-evil: 1" }))).toEqual([
      "providers.cloud.keys[0].value: holds a line break (put the key on one line, without a line break at its end)",
    ]);
  });

  test("may be a reference to the environment, part by part", () => {
    const credentials = { id: "env.CLOUD_ID", secret: "env.CLOUD_SECRET" };
    const env = { CLOUD_PROJECT: "p", CLOUD_ID: "i", CLOUD_SECRET: "s" };
    expect(problems(keyed({ credentials }), env)).toEqual([]);
    expect(problems(keyed({ credentials }), { ...env, CLOUD_SECRET: "" }).join()).toContain("CLOUD_SECRET");
  });
});

describe("settings", () => {
  const key = { name: "main", value: "secret-value" };

  test("without a default must come from somewhere", () => {
    expect(problems({ keys: [key] }, {})).toEqual([
      "providers.cloud.settings.project: is required (Id of the project: add it, or set CLOUD_PROJECT or OTHER_PROJECT)",
    ]);
    expect(problems({ keys: [key], settings: { project: "p" } }, {})).toEqual([]);
    expect(problems({ keys: [key] }, { OTHER_PROJECT: "p" })).toEqual([]);
    expect(problems({ keys: [{ ...key, settings: { project: "p" } }] }, {})).toEqual([]);
    expect(
      problems(
        {
          keys: [
            { ...key, settings: { project: "p" } },
            { ...key, name: "b", value: "v" },
          ],
        },
        {},
      ),
    ).toHaveLength(1);
    expect(problems({ keys: [key], enabled: false }, {})).toEqual([]);
  });

  test("that only the usual address names are not needed for another", () => {
    expect(problems({ keys: [key], base_url: "http://127.0.0.1:1" }, {})[0]).toContain("settings.project");
    expect(problems({ keys: [key], base_url: "http://{project}.example.com" }, { CLOUD_PROJECT: "p" })).toEqual([]);
  });

  test("are those that the provider knows", () => {
    expect(problems({ keys: [key], settings: { zone: "a" } })).toEqual([
      "providers.cloud.settings.zone: is no setting (its settings are project, region, host, space)",
    ]);
    expect(problems({ keys: [{ ...key, settings: { zone: "a" } }] })[0]).toContain("keys[0].settings.zone");
    expect(problems({ keys: [key], settings: { zone: "a" } }, {}, "plain")).toEqual([
      "providers.plain.settings.zone: is no setting (this provider has no settings: take it out)",
    ]);
  });

  test.each(["a b", "a?b", "a#b", "{region}", "a\r\nb", "a\\b"])("cannot change the address: %j", (region) => {
    expect(problems({ keys: [key], settings: { region } }).join()).toContain(
      "settings.region: holds a character that cannot stand",
    );
  });

  test("that stand in bodies are the whole provider's", () => {
    expect(problems({ keys: [key], settings: { space: "s" } })).toEqual([]);
    expect(problems({ keys: [{ ...key, settings: { space: "s" } }] })).toEqual([
      "providers.cloud.keys[0].settings.space: can only be set for the whole provider (move it to the provider's settings)",
    ]);
  });
});
