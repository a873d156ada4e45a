import { isJsonObject } from "../canonical/json.ts";
import { ReadyKey } from "../pipeline/provider-key.ts";
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
  const { models, auth, wires } = provider.manifest;
  const [data] = provider.keys;
  const [wire] = wires;
  if (models === undefined || data === undefined || wire === undefined) return null;
  if (provider.models.length > 0 || auth.type === "signed") return null;
  const key = new ReadyKey(data, provider);
  try {
    const answer = await fetch(new URL(key.pathOf(models.path), data.baseUrl), {
      headers: key.headers(wire, {}),
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

function readIds(body: unknown, models: { list?: string; id: string; stripPrefix?: string }): string[] {
  const list = models.list !== undefined && isJsonObject(body) ? body[models.list] : body;
  if (!Array.isArray(list)) throw new Error("its answer is no list of models");
  const ids = list
    .map((entry) => (isJsonObject(entry) ? entry[models.id] : undefined))
    .filter((id) => typeof id === "string");
  const prefix = models.stripPrefix ?? "";
  return ids.slice(0, MAX_MODELS).map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id));
}
