import { isJsonObject } from "../canonical/json.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import type { ProcessLog } from "./process-log.ts";

const TIMEOUT_MS = 10_000;
const MAX_MODELS = 20_000;

/** The models that providers list themselves, by provider name. Providers that do not answer are left out. */
export async function fetchModelLists(
  providers: readonly SnapshotProvider[],
  log: ProcessLog,
): Promise<[string, string[]][]> {
  const lists = await Promise.all(providers.map((provider) => fetchOne(provider, log)));
  return lists.filter((list) => list !== null);
}

async function fetchOne(provider: SnapshotProvider, log: ProcessLog): Promise<[string, string[]] | null> {
  const { models, auth, headers } = provider.manifest;
  const key = provider.keys[0];
  if (models === undefined || key === undefined || provider.models.length > 0) return null;
  const credential = auth.type === "none" || key.value === "" ? {} : credentialOf(auth, key.value);
  try {
    const answer = await fetch(provider.baseUrl + models.path, {
      headers: { ...headers, ...provider.headers, ...credential },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "error",
      ...(provider.network.ca !== null && { tls: { ca: provider.network.ca } }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return [provider.name, readIds(await answer.json(), models)];
  } catch (error) {
    log(
      "debug",
      `models of provider ${provider.name} are not listed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  }
}

function credentialOf(
  auth: { type: "bearer" } | { type: "header"; name: string },
  value: string,
): Record<string, string> {
  return auth.type === "bearer" ? { authorization: `Bearer ${value}` } : { [auth.name]: value };
}

function readIds(body: unknown, models: { list: string; id: string; stripPrefix?: string }): string[] {
  const list = isJsonObject(body) ? body[models.list] : undefined;
  if (!Array.isArray(list)) throw new Error("its answer is no list of models");
  const ids = list
    .map((entry) => (isJsonObject(entry) ? entry[models.id] : undefined))
    .filter((id) => typeof id === "string");
  const prefix = models.stripPrefix ?? "";
  return ids.slice(0, MAX_MODELS).map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id));
}
