import type { AuthScheme, ProviderManifest, ProviderSetting, Wire } from "../../src/canonical/provider.ts";
import type { SignerName } from "../../src/canonical/signer.ts";
import { manifests } from "../../src/compose/providers.ts";
import { code, page, table } from "./table.ts";

const LEAD = `Providers that are built in, by the name that stands under \`providers\` and before the slash of a model. One whose variables
are all in the environment needs no mention in the config file. How keys, credentials and settings are written is in the
[guide](../guides/configuration.md#clouds).

Settings in **bold** have no default: they must be set, or stand in a variable. Parts of a credential in **bold** are needed.`;

const SIGNED: Readonly<Record<SignerName, string>> = {
  "aws-sigv4": "a signature over each call (AWS Signature Version 4)",
  entra: "a token of Microsoft Entra ID, `authorization: Bearer TOKEN`",
  "google-oauth": "a token of Google's OAuth 2.0, `authorization: Bearer TOKEN`",
  "ibm-iam": "a token of IBM Cloud IAM, `authorization: Bearer TOKEN`",
};

/** The reference page of the built-in providers. */
export function providersPage(): string {
  return page("Providers", LEAD, overview(), ...manifests.map(section));
}

function overview(): string {
  const rows = manifests.map(({ name, title, wires }) => [
    `[${code(name)}](#${name})`,
    title,
    listed(wires.map(({ dialect }) => dialect)),
    listed(wires.flatMap(({ operations }) => operations)),
  ]);
  return table(["provider", "what it is", "speaks", "operations"], rows);
}

/** Each once, in the order in which they come. */
function listed(names: readonly string[]): string {
  return [...new Set(names)].map(code).join(", ");
}

function section(manifest: ProviderManifest): string {
  const { name, title, docs, settings = [], credentials = [], wires } = manifest;
  const blocks = [`## ${code(name)}`, `${title}: [${docs.replace(/^https:\/\//, "")}](${docs})`, facts(manifest)];
  if (settings.length > 0) blocks.push(table(["setting", "default", "variables", "meaning"], settings.map(settingRow)));
  if (credentials.length > 0)
    blocks.push(
      table(
        ["part of the credential", "variables", "meaning"],
        credentials.map((part) => [
          part.required ? `**${code(part.name)}**` : code(part.name),
          listed(part.variables),
          part.description,
        ]),
      ),
    );
  blocks.push(table(["dialect", "operations", "models", "path"], wires.map(wireRow)));
  const quirks = wires.flatMap(quirkRow);
  if (quirks.length > 0) blocks.push(table(["dialect", "fields under another name", "fields left out"], quirks));
  return blocks.join("\n\n");
}

function facts({ baseUrl, auth, keyVariables, models, hosted, keyOptional }: ProviderManifest): string {
  const address = hosted === true ? "within this process" : code(baseUrl);
  const lines = [`- Address: ${address}`, `- Credential: ${authText(auth)}`];
  if (keyOptional === true) lines.push("- Calls without a key go, too; only the config switches it on");
  if (keyVariables.length > 0) lines.push(`- Key variables: ${listed(keyVariables)}`);
  lines.push(`- Models: ${models === undefined ? "from the catalog and the config" : "from its own list"}`);
  return lines.join("\n");
}

function authText(auth: AuthScheme): string {
  if (auth.type === "none") return "none";
  if (auth.type === "bearer") return code(`authorization: ${auth.word ?? "Bearer"} KEY`);
  if (auth.type === "header") return code(`${auth.name}: KEY`);
  if (auth.type === "query") return code(`?${auth.name}=KEY`);
  const { signer, plain } = auth;
  return plain === undefined ? SIGNED[signer] : `a \`value\` as ${authText(plain)}; parts by ${SIGNED[signer]}`;
}

function settingRow(setting: ProviderSetting): string[] {
  const { name, description, variables, optional } = setting;
  const fallback = defaultText(setting);
  const isNeeded = fallback === "" && optional !== true;
  return [isNeeded ? `**${code(name)}**` : code(name), fallback, listed(variables), description];
}

function defaultText({ default: plain, defaultBy }: ProviderSetting): string {
  if (defaultBy === undefined) return code(plain ?? "");
  const cases = Object.entries(defaultBy.values).map(([value, text]) => {
    const when = value === "*" ? "else" : `where ${code(defaultBy.setting)} is ${code(value)}`;
    return `${code(text)} ${when}`;
  });
  return cases.join(", ");
}

/** Fields of a body that are sent under another name, or left out with a warning. */
function quirkRow({ dialect, body = {} }: Wire): string[][] {
  const renamed = Object.entries(body.rename ?? {}).map(([from, to]) => `${code(from)} → ${code(to)}`);
  const removed = [...(body.remove ?? []), ...(body.omit ?? [])].map(code);
  return renamed.length + removed.length === 0 ? [] : [[code(dialect), renamed.join(", "), removed.join(", ")]];
}

function wireRow({ dialect, operations, models = ["*"], paths, basePath }: Wire): string[] {
  const all = [...(basePath === undefined ? [] : [`${basePath}/…`]), ...Object.values(paths ?? {})];
  const own = [...new Set(all)].map(code).join(", ");
  return [code(dialect), listed(operations), models.map(code).join(", "), own === "" ? "as the dialect's vendor" : own];
}
