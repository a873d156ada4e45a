import { existsSync } from "node:fs";
import { MOST_LIMITED_KEYS } from "../../../canonical/load-bounds.ts";
import { TASK_DIALECTS, type DialectName, type TaskOperation } from "../../../canonical/names.ts";
import type { ProviderManifest } from "../../../canonical/provider.ts";
import { credentialFromEnvironment } from "../environment.ts";
import type { Path } from "../path.ts";
import type { ProviderConfig } from "../schema/types.ts";
import { suggest } from "../suggest.ts";
import { dialectsWith, taskWire } from "../task-wires.ts";
import type { CheckContext } from "./context.ts";
import { checkLimits } from "./governance.ts";
import { checkUnique, checkWeights } from "./lists.ts";
import { checkCredential, checkSettings } from "./provider-credentials.ts";

/** Headers that the gateway writes itself. */
const OWN_HEADERS = new Set(["connection", "content-length", "content-type", "host", "transfer-encoding", "upgrade"]);

/** Each provider by itself: what it must and must not state, its keys, headers and network. */
export function checkProviders(context: CheckContext): void {
  for (const [name, provider] of Object.entries(context.config.providers)) {
    const path = ["providers", name];
    const manifest = context.manifests.find((each) => each.name === name);
    if (manifest === undefined) checkCustom(context, path, name, provider);
    else checkBuiltIn(context, path, provider, manifest);
    checkKeys(context, path, provider, manifest);
    checkSettings(context, path, provider, manifest);
    checkBaseUrl(context, path, provider);
    checkHeaders(context, path, provider);
    checkNetwork(context, path, provider);
    checkLoad(context, path, provider);
  }
}

function checkBuiltIn(context: CheckContext, path: Path, provider: ProviderConfig, manifest: ProviderManifest): void {
  if (provider.dialect !== undefined) {
    const remedy = "take dialect out; for another dialect at another address, add a provider under a name of your own";
    context.problem([...path, "dialect"], `${manifest.name} is built in and has its own dialect`, remedy);
  }
  if (Object.keys(provider.dialects).length > 0) {
    const remedy = "take dialects out; for a server of your own, add a provider under a name of your own";
    context.problem([...path, "dialects"], `${manifest.name} is built in and has its own dialects`, remedy);
  }
  const needsKey = manifest.auth.type !== "none" && manifest.keyOptional !== true;
  if (!provider.enabled || !needsKey || provider.keyless || provider.keys.length > 0) return;
  if (credentialFromEnvironment(manifest, context.env) !== null) return;
  const remedy = `add keys, or set ${manifest.keyVariables.join(" or ") || "keyless: true"}`;
  context.problem(path, "has no key", remedy);
}

function builtInNames({ manifests }: CheckContext): string[] {
  return manifests.map(({ name }) => name);
}

function checkCustom(context: CheckContext, path: Path, name: string, provider: ProviderConfig): void {
  const near = suggest(name, builtInNames(context));
  const meant = near === undefined ? "" : `did you mean the built-in ${near}? `;
  const remedy = `${meant}a provider that is not built in (see docs/reference/providers.md) needs dialect (or dialects) and base_url`;
  const operations = Object.entries(provider.dialects) as [TaskOperation, DialectName][];
  for (const [operation, dialect] of operations) checkTaskDialect(context, path, operation, dialect);
  if (provider.dialect === undefined && operations.length === 0)
    context.problem([...path, "dialect"], "is required", remedy);
  if (provider.base_url === undefined) context.problem([...path, "base_url"], "is required", remedy);
  if (!provider.enabled || provider.keyless || provider.keys.length > 0) return;
  context.problem(path, "has no key", "add keys, or keyless: true when it takes none");
}

function checkTaskDialect(context: CheckContext, path: Path, operation: TaskOperation, dialect: DialectName): void {
  if (taskWire(context.manifests, operation, dialect) !== null) return;
  const others = dialectsWith(context.manifests, operation, TASK_DIALECTS).join(", ");
  context.problem([...path, "dialects", operation], `${dialect} has no ${operation}`, `take one of ${others}`);
}

function checkKeys(
  context: CheckContext,
  path: Path,
  provider: ProviderConfig,
  manifest: ProviderManifest | undefined,
): void {
  const { keys, keyless } = provider;
  const place = [...path, "keys"];
  if (keyless && keys.length > 0) context.problem([...path, "keyless"], "contradicts keys", "take one of them out");
  checkUnique(context, place, keys);
  checkWeights(
    context,
    place,
    keys.filter((key) => key.enabled),
  );
  for (const [at, key] of keys.entries()) {
    checkCredential(context, [...place, at], key, manifest);
    const value = key.value?.reveal();
    if (value === undefined) continue;
    const first = keys.findIndex((other) => other.value?.reveal() === value);
    if (first < at) context.warn([...place, at, "value"], `is the same credential as that of key ${keys[first]?.name}`);
  }
}

function checkBaseUrl(context: CheckContext, path: Path, provider: ProviderConfig): void {
  if (provider.base_url === undefined) return;
  const url = new URL(provider.base_url);
  const place = [...path, "base_url"];
  if (url.username !== "" || url.password !== "")
    context.problem(place, "must not hold a credential", "put it into keys");
  if (url.search !== "" || url.hash !== "") context.problem(place, "must not have a query or fragment");
}

function checkHeaders(context: CheckContext, path: Path, provider: ProviderConfig): void {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(provider.headers)) {
    const place = [...path, "headers", name];
    const lower = name.toLowerCase();
    if (seen.has(lower)) context.problem(place, "stands twice, in different case");
    seen.add(lower);
    if (OWN_HEADERS.has(lower)) context.problem(place, "is set by the gateway itself", "take it out");
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value.reveal()))
      context.problem(place, "holds a character that no header may hold");
  }
}

function checkNetwork(context: CheckContext, path: Path, { network }: ProviderConfig): void {
  const place = [...path, "network"];
  if (network.backoff_initial_ms > network.backoff_max_ms) {
    context.problem([...place, "backoff_initial_ms"], `is above backoff_max_ms (${network.backoff_max_ms})`);
  }
  if (network.ca_file !== undefined && !existsSync(network.ca_file)) {
    context.problem([...place, "ca_file"], "there is no such file");
  }
}

function checkLoad(context: CheckContext, path: Path, provider: ProviderConfig): void {
  const { concurrency, keys } = provider;
  checkLimits(context, path, provider);
  for (const [at, key] of keys.entries()) checkLimits(context, [...path, "keys", at], key);
  checkLimitedKeys(context, path, provider);
  if (concurrency === undefined || concurrency.limit !== undefined) return;
  if (keys.some((key) => key.concurrency !== undefined)) return;
  context.warn([...path, "concurrency"], "limits nothing: neither it nor a key of the provider has a limit");
}

function checkLimitedKeys(context: CheckContext, path: Path, { enabled, keys }: ProviderConfig): void {
  const limited = keys.filter((key) => key.enabled && key.concurrency !== undefined).length;
  if (!enabled || limited <= MOST_LIMITED_KEYS) return;
  const remedy = `at most ${MOST_LIMITED_KEYS} may: take it from some, or put those keys under a further provider`;
  context.problem([...path, "keys"], `${limited} of them have a concurrency of their own`, remedy);
}
