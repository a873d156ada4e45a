import type { ProviderManifest } from "../../../canonical/provider.ts";
import { SETTING_TEXT, settingsOf } from "../environment.ts";
import type { Path } from "../path.ts";
import type { ProviderConfig, ProviderKeyConfig } from "../schema/types.ts";
import type { CheckContext } from "./context.ts";

/** A key has one text, or the parts that its provider knows; never both, and never neither. */
export function checkCredential(
  context: CheckContext,
  path: Path,
  key: ProviderKeyConfig,
  manifest: ProviderManifest | undefined,
): void {
  const parts = Object.keys(key.credentials);
  const fields = manifest?.credentials ?? [];
  const names = fields.map(({ name }) => name).join(", ");
  const remedy = names === "" ? "give it a value" : `give it a value, or credentials with ${names}`;
  if (key.value !== undefined && parts.length > 0)
    context.problem([...path, "credentials"], "contradicts value", "take one of them out");
  if (key.value === undefined && parts.length === 0) context.problem([...path, "value"], "is required", remedy);
  for (const name of parts) {
    if (!fields.some((field) => field.name === name))
      context.problem([...path, "credentials", name], "is no part of this provider's credential", remedy);
  }
  for (const { name, required } of parts.length > 0 ? fields : []) {
    if (required && !parts.includes(name)) context.problem([...path, "credentials", name], "is required", remedy);
  }
  checkLines(context, [...path, "value"], key.value?.reveal());
}

/** Header values have no line breaks; a JSON document, such as a service account's file, is none. */
function checkLines(context: CheckContext, path: Path, value: string | undefined): void {
  if (value === undefined || value.trimStart().startsWith("{") || !/[\r\n\0]/.test(value)) return;
  context.problem(path, "holds a line break", "put the key on one line, without a line break at its end");
}

/** Settings that the provider knows, each with a value from the config, the environment or the manifest. */
export function checkSettings(
  context: CheckContext,
  path: Path,
  provider: ProviderConfig,
  manifest: ProviderManifest | undefined,
): void {
  const known = manifest?.settings ?? [];
  checkNames(context, [...path, "settings"], provider.settings, known);
  for (const [at, key] of provider.keys.entries()) {
    checkNames(context, [...path, "keys", at, "settings"], key.settings, known);
    checkBodySettings(context, [...path, "keys", at, "settings"], key.settings, manifest);
  }
  if (!provider.enabled || manifest === undefined) return;
  const own = provider.keys.filter(({ enabled }) => enabled).map(({ settings }) => settings);
  for (const stated of own.length > 0 ? own : [{}]) {
    const filled = settingsOf(manifest, { ...provider.settings, ...stated }, context.env);
    const missing = known.find(
      ({ name, optional }) => optional !== true && filled[name] === undefined && isNeeded(provider, manifest, name),
    );
    if (missing === undefined) continue;
    const variables = missing.variables.length > 0 ? `, or set ${missing.variables.join(" or ")}` : "";
    context.problem([...path, "settings", missing.name], "is required", `${missing.description}: add it${variables}`);
    return;
  }
}

/** With an address of the operator's own, a setting that only the usual address names is not needed. */
function isNeeded(provider: ProviderConfig, manifest: ProviderManifest, name: string): boolean {
  if (provider.base_url === undefined) return true;
  const paths = manifest.wires.flatMap((wire) => Object.values(wire.paths ?? {}));
  return [provider.base_url, ...paths].some((text) => text.includes(`{${name}}`));
}

function checkNames(
  context: CheckContext,
  path: Path,
  settings: Readonly<Record<string, string>>,
  known: NonNullable<ProviderManifest["settings"]>,
): void {
  const names = known.map(({ name }) => name).join(", ");
  const remedy = names === "" ? "this provider has no settings: take it out" : `its settings are ${names}`;
  for (const [name, value] of Object.entries(settings)) {
    if (!known.some((setting) => setting.name === name)) context.problem([...path, name], "is no setting", remedy);
    if (!SETTING_TEXT.test(value))
      context.problem(
        [...path, name],
        "holds a character that cannot stand in an address",
        "use letters, digits and . _ : / @ -",
      );
  }
}

/** A request's body is written before its key is chosen. */
function checkBodySettings(
  context: CheckContext,
  path: Path,
  settings: Readonly<Record<string, string>>,
  manifest: ProviderManifest | undefined,
): void {
  const inBody = (manifest?.wires ?? []).flatMap(({ body }) => Object.values(body?.settings ?? {}));
  for (const name of Object.keys(settings)) {
    if (inBody.includes(name))
      context.problem([...path, name], "can only be set for the whole provider", "move it to the provider's settings");
  }
}
