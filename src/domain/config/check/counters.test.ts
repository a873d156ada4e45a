import { expect, test } from "bun:test";
import { check, problems } from "../fixtures/check.ts";

const limits = (window: string) => `rate_limits: [{ metric: requests, limit: 1, window: ${window} }]`;
const key = (name: string, more: string) =>
  `{ name: "${name}", value: sk-tl-${name.replace("/", "-")}-0123456789abcdef, ${more} }`;

function config(profile: string, ...keys: string[]): string {
  const profiles = `access_profiles: [{ name: "${profile}", provider_configs: [{ provider: demo }], ${limits("1m")} }]`;
  return `{ providers: { demo: {} }, governance: { ${profiles}, virtual_keys: [${keys.join(", ")}] } }`;
}

const IN_PROFILE = key("app", "access_profile: batch");

test("limits of a key that are counted as those of another key's access profile are", () => {
  const { problems: found, remedies } = check(config("batch", IN_PROFILE, key("app/batch", limits("1m"))));
  expect(found).toEqual([
    "governance.virtual_keys[1].name: its limits would be counted together with those of governance.access_profiles[0]",
  ]);
  expect(remedies[0]).toContain("without a slash");
});

test("an access profile whose name is that of the limits of one provider", () => {
  const grants = `provider_configs: [{ provider: demo, ${limits("1m")} }]`;
  const found = problems(config("provider:demo", key("app", `access_profile: "provider:demo", ${grants}`)));
  expect(found).toHaveLength(1);
});

test("a slash alone is no harm: other windows, other keys, no limits", () => {
  expect(problems(config("batch", IN_PROFILE, key("app/batch", limits("1h"))))).toEqual([]);
  expect(problems(config("batch", IN_PROFILE, key("app/other", limits("1m"))))).toEqual([]);
  expect(problems(config("batch", IN_PROFILE, key("app/batch", "access_profile: batch")))).toEqual([]);
});

test("keys of one profile have its limits each for itself", () => {
  expect(problems(config("batch", IN_PROFILE, key("b", "access_profile: batch")))).toEqual([]);
});
