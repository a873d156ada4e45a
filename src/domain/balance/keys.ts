import { compileGlobs, type Glob } from "../../lib/glob.ts";
import type { KeyHealth } from "./key-health.ts";
import { weightedOrder, type Draw } from "./weighted.ts";

/** A provider key as the snapshot carries it. The value is a secret: it is never logged nor recorded. */
export interface ProviderKeyData {
  name: string;
  value: string;
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
export function orderKeys(
  keys: readonly ProviderKey[],
  model: string,
  health: KeyHealth,
  now: number,
  draw: Draw,
): readonly ProviderKey[] {
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only !== undefined) return serves(only, model) ? keys : [];
  const able = keys.filter((key) => serves(key, model));
  const awake = able.filter((key) => !health.isResting(key.data.slot, now));
  if (awake.length === able.length) return weightedOrder(able, draw);
  const resting = able.filter((key) => health.isResting(key.data.slot, now));
  return [...weightedOrder(awake, draw), ...resting];
}

function serves(key: ProviderKey, model: string): boolean {
  return key.allowed.test(model) && !key.blocked.test(model);
}
