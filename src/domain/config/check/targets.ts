import type { Path } from "../path.ts";
import type { TargetConfig } from "../schema/types.ts";
import { hint, suggest } from "../suggest.ts";
import type { CheckContext } from "./context.ts";
import { checkWeights } from "./lists.ts";

/** Targets must name providers and keys that exist. */
export function checkTargets(context: CheckContext, path: Path, targets: readonly TargetConfig[]): void {
  checkWeights(context, path, targets);
  for (const [at, target] of targets.entries()) {
    const place = [...path, at];
    if (target.provider !== undefined) checkProviderName(context, [...place, "provider"], target.provider);
    else if (target.model !== undefined) checkModelString(context, [...place, "model"], target.model);
    if (target.key !== undefined) checkKeyName(context, [...place, "key"], target);
  }
}

/** A provider's name must be that of a built-in provider or of one in the config. */
export function checkProviderName(context: CheckContext, path: Path, name: string): void {
  const { config, providerNames } = context;
  if (!providerNames.includes(name)) {
    context.problem(path, `there is no provider ${JSON.stringify(name)}`, hint(name, providerNames));
  } else if (Object.hasOwn(config.providers, name) && config.providers[name]?.enabled === false) {
    context.warn(path, `the provider ${name} is switched off`);
  }
}

/** `provider/model` with a provider that looks like a slip. Model ids hold slashes too, so it is no more than a warning. */
export function checkModelString(context: CheckContext, path: Path, model: string): void {
  const slash = model.indexOf("/");
  const prefix = model.slice(0, Math.max(0, slash));
  if (prefix === "" || context.providerNames.includes(prefix)) return;
  const near = suggest(prefix, context.providerNames);
  if (near === undefined) return;
  context.warn(
    path,
    `there is no provider ${JSON.stringify(prefix)}: read as a bare model name`,
    `did you mean ${near}${model.slice(slash)}?`,
  );
}

export function checkModelStrings(context: CheckContext, path: Path, models: readonly string[]): void {
  for (const [at, model] of models.entries()) checkModelString(context, [...path, at], model);
}

function checkKeyName(context: CheckContext, path: Path, { provider, key }: TargetConfig): void {
  const all = Object.entries(context.config.providers);
  const able = provider === undefined ? all : all.filter(([name]) => name === provider);
  const names = able.flatMap(([, { keys }]) => keys.map(({ name }) => name));
  if (key === undefined || names.includes(key)) return;
  const owner = provider === undefined ? "no provider has" : `${provider} has no`;
  context.problem(path, `${owner} key ${JSON.stringify(key)}`, hint(key, names));
}
