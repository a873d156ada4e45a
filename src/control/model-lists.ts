import { isJsonObject } from "../canonical/json.ts";
import type { ModelList } from "../canonical/provider.ts";
import type { Signer, SignerName } from "../canonical/signer.ts";
import { ReadyKey } from "../pipeline/provider-key.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import type { ProcessLog } from "./process-log.ts";

const TIMEOUT_MS = 10_000;
const MAX_MODELS = 20_000;

/** What the lists are fetched with. */
export interface ModelListSources {
  signers: ReadonlyMap<SignerName, Signer>;
  log: ProcessLog;
}

/** The models that providers list themselves, by provider name. Providers that do not answer are left out. */
export async function fetchModelLists(
  providers: readonly SnapshotProvider[],
  sources: ModelListSources,
): Promise<[string, string[]][]> {
  const lists = await Promise.all(providers.map((provider) => fetchOne(provider, sources)));
  return lists.filter((list) => list !== null);
}

async function fetchOne(provider: SnapshotProvider, sources: ModelListSources): Promise<[string, string[]] | null> {
  const [data] = provider.keys;
  const lists = [provider.manifest.models ?? []].flat();
  if (lists.length === 0 || data === undefined || provider.models.length > 0) return null;
  const key = new ReadyKey(data, provider);
  try {
    const found = await Promise.all(lists.map((list) => fetchIds(provider, key, list, sources)));
    return [provider.name, found.flat()];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sources.log("debug", `models of provider ${provider.name} are not listed: ${reason}`);
    return null;
  }
}

async function fetchIds(
  provider: SnapshotProvider,
  key: ReadyKey,
  list: ModelList,
  { signers }: ModelListSources,
): Promise<string[]> {
  const [wire] = provider.manifest.wires;
  if (wire === undefined) return [];
  const path = key.pathOf(list.path);
  const headers = key.headers(wire, {});
  const { ca } = provider.network;
  const answer = await fetch(new URL(path, key.data.baseUrl), {
    headers: { ...headers, ...(await authorization(key, path, headers, signers)) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: "error",
    ...(ca !== null && { tls: { ca } }),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return readIds(await answer.json(), list);
}

async function authorization(
  key: ReadyKey,
  path: string,
  headers: Record<string, string>,
  signers: ModelListSources["signers"],
): Promise<Record<string, string>> {
  if (key.auth.type !== "signed") return {};
  const call = { method: "GET", host: key.origin.host, path, headers, body: "" };
  return (await signers.get(key.auth.signer)?.sign(call, key.credential, Date.now())) ?? {};
}

function readIds(body: unknown, models: ModelList): string[] {
  const list = models.list !== undefined && isJsonObject(body) ? body[models.list] : body;
  if (!Array.isArray(list)) throw new Error("its answer is no list of models");
  const ids = list
    .map((entry) => (isJsonObject(entry) ? entry[models.id] : undefined))
    .filter((id) => typeof id === "string");
  const prefix = models.stripPrefix ?? "";
  return ids.slice(0, MAX_MODELS).map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id));
}
