import { isJsonObject } from "../canonical/json.ts";
import type { ModelList } from "../canonical/provider.ts";
import type { Signer, SignerName } from "../canonical/signer.ts";
import { readBoundedText } from "../lib/bounded-text.ts";
import { ReadyKey } from "../pipeline/provider-key.ts";
import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";

const TIMEOUT_MS = 10_000;
const MAX_MODELS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Authorise the calls of providers that need code for it. */
export type Signers = ReadonlyMap<SignerName, Signer>;

/** Whether the provider has a list of its own that says more than the configuration does. */
export function listsModels({ manifest, keys, models }: SnapshotProvider): boolean {
  return [manifest.models ?? []].flat().length > 0 && keys.length > 0 && models.length === 0;
}

/** Ids of the models that a provider lists itself, asked with its first key. Rejects with what is wrong with its answer. */
export async function fetchModelList(provider: SnapshotProvider, signers: Signers): Promise<string[]> {
  const [data] = provider.keys;
  if (data === undefined) return [];
  const key = new ReadyKey(data, provider);
  const lists = [provider.manifest.models ?? []].flat();
  const found = await Promise.all(lists.map((list) => fetchIds(provider, key, list, signers)));
  return found.flat();
}

async function fetchIds(
  provider: SnapshotProvider,
  key: ReadyKey,
  list: ModelList,
  signers: Signers,
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
  return readIds(JSON.parse(await readBoundedText(answer, MAX_BYTES)), list);
}

async function authorization(
  key: ReadyKey,
  path: string,
  headers: Record<string, string>,
  signers: Signers,
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
