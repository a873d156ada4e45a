import type { AuthScheme, ProviderManifest, Wire } from "../../src/canonical/provider.ts";
import { manifests } from "../../src/compose/providers.ts";
import { code, page, table } from "./table.ts";

const LEAD = `What is built in. A provider is switched on by one of its environment variables, or by its name under \`providers\` in the
[config file](config.md); those marked *optional* take calls without a key, and only the config switches them on. The address may be
set as \`base_url\`; what stands in braces is a setting, see below. Any other server that speaks one of the dialects is a
[provider of your own](../guides/configuration.md#providers).

A client's request is relayed where the provider speaks its dialect, else translated to the first dialect listed that has the
operation.`;

const SETTINGS_LEAD = `Set under \`providers.NAME.settings\`, or for one key under its own \`settings\`.`;

const QUIRKS_LEAD = `Fields of a request's body that are sent under another name, or left out with a warning, as each vendor documents; links stand in
\`src/providers/NAME/manifest.ts\`.`;

/** The reference page of built-in providers. */
export function providersPage(): string {
  const shown = manifests.filter(({ hosted }) => hosted !== true);
  const rows = shown.map((manifest) => [
    code(manifest.name),
    `[${manifest.title}](${manifest.docs})`,
    code(manifest.baseUrl),
    keyOf(manifest),
    manifest.wires.map(describeWire).join("; "),
  ]);
  const settings = shown.flatMap(({ name, settings: known = [] }) =>
    known.map((setting) => [
      code(name),
      code(setting.name),
      setting.description,
      setting.variables.map(code).join(", "),
      code(setting.default ?? ""),
    ]),
  );
  const quirks = shown.flatMap(({ name, wires }) => wires.flatMap((wire) => describeQuirks(name, wire)));
  return page(
    "Providers",
    LEAD,
    table(["name", "", "address", "key", "speaks"], rows),
    `## Settings\n\n${SETTINGS_LEAD}\n\n${table(["provider", "setting", "", "variables", "default"], settings)}`,
    `## Fields\n\n${QUIRKS_LEAD}\n\n${table(["provider", "dialect", "renamed", "left out"], quirks)}`,
  );
}

function keyOf({ auth, keyVariables, credentials = [], keyOptional }: ProviderManifest): string {
  if (keyOptional === true) return "optional";
  const parts = credentials.flatMap(({ variables }) => variables);
  return [...keyVariables, ...parts].map(code).join(", ") + headerOf(auth);
}

function headerOf(auth: AuthScheme): string {
  return auth.type === "header" || auth.type === "query" ? ` (${auth.type} \`${auth.name}\`)` : "";
}

function describeWire({ dialect, operations, models }: Wire): string {
  const what = dialect === "openai" ? operations.join(", ") : dialect;
  return models === undefined ? what : `${what} (${models.join(", ")})`;
}

function describeQuirks(provider: string, { dialect, body = {} }: Wire): string[][] {
  const renamed = Object.entries(body.rename ?? {}).map(([from, to]) => `${code(from)} → ${code(to)}`);
  const removed = [...(body.remove ?? []), ...(body.omit ?? [])].map(code);
  if (renamed.length + removed.length === 0) return [];
  return [[code(provider), dialect, renamed.join(", "), removed.join(", ")]];
}
