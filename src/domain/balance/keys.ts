import { compileGlobs, type Glob } from "../../lib/glob.ts";
import type { KeyHealth } from "./key-health.ts";
import { weightedOrder, type Draw } from "./weighted.ts";

/** A provider key as the snapshot carries it. The value is a secret: it is never logged nor recorded. */
export interface ProviderKeyData {
  name: string;
  /** The credential as one text; empty when it has parts, or when the provider takes none. */
  value: string;
  /** The parts of a credential that is more than one text. */
  fields: Record<string, string>;
  /** The operator's settings for this key: the provider's with the key's own laid over. */
  settings: Record<string, string>;
  /** Where its calls go, settings filled in, without a trailing slash. */
  baseUrl: string;
  weight: number;
  models: string[];
  blockedModels: string[];
  /** Place of its state in `KeyHealth`. */
  slot: number;
}

export interface ProviderKey {
  data: ProviderKeyData;
  weight: number;
  allowed: Glob;
  blocked: Glob;
}

export function compileKey(data: ProviderKeyData): ProviderKey {
  return { data, weight: data.weight, allowed: compileGlobs(data.models), blocked: compileGlobs(data.blockedModels) };
}

/**
 * The keys that may serve `model`, in the order to try them: drawn by weight, resting ones behind the rest (a resting key
 * still beats no key). Empty when no key is allowed for the model.
 */
export function orderKeys<Key extends ProviderKey>(
  keys: readonly Key[],
  model: string,
  health: KeyHealth,
  now: number,
  draw: Draw,
): readonly Key[] {
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only !== undefined) return serves(only, model) ? keys : [];
  const able = servingKeys(keys, model);
  const awake = keysThatRest(able, health, now, false);
  if (awake.length === able.length) return weightedOrder(able, draw);
  return [...weightedOrder(awake, draw), ...keysThatRest(able, health, now, true)];
}

function servingKeys<Key extends ProviderKey>(keys: readonly Key[], model: string): Key[] {
  return keys.filter((key) => serves(key, model));
}

function keysThatRest<Key extends ProviderKey>(
  keys: readonly Key[],
  health: KeyHealth,
  now: number,
  isResting: boolean,
): Key[] {
  return keys.filter((key) => health.isResting(key.data.slot, now) === isResting);
}

export function serves(key: ProviderKey, model: string): boolean {
  return key.allowed.test(model) && !key.blocked.test(model);
}
