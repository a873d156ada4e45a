import type { ProviderConfig } from "../domain/config/index.ts";
import { providerConcurrencySchema } from "../domain/config/schema/concurrency.ts";
import type { BoundsData, GateData } from "../pipeline/provider-bounds.ts";
import { buildLimits } from "./build-limits.ts";
import type { LedgerSlots } from "./ledger-slots.ts";
import type { LoadSlots } from "./load-slots.ts";

type KeyConfig = ProviderConfig["keys"][number];

/** What bounds the calls of a provider of the config and of its keys; undefined: nothing does. */
export function buildBounds(
  name: string,
  provider: ProviderConfig,
  { ledger, load }: { ledger: LedgerSlots; load: LoadSlots },
): BoundsData | undefined {
  const keys = provider.keys.filter(({ enabled }) => enabled);
  const limits = buildLimits(`provider:${name}`, provider, ledger);
  const gated = keys.filter(({ concurrency }) => concurrency !== undefined);
  const gate = buildGate(name, provider, gated, load);
  const limited = keys.filter((key) => gated.includes(key) || key.rate_limits.length + key.budgets.length > 0);
  if (gate === null && limits.length === 0 && limited.length === 0) return undefined;
  const bounded = limited.map((key) => {
    const place = gate?.limits.keys[gated.indexOf(key)]?.place ?? 0;
    return [key.name, { place, limits: buildLimits(`provider_key:${name}/${key.name}`, key, ledger) }] as const;
  });
  return { gate, limits, keys: Object.fromEntries(bounded) };
}

function buildGate(
  name: string,
  { concurrency }: ProviderConfig,
  gated: readonly KeyConfig[],
  load: LoadSlots,
): GateData | null {
  if (concurrency?.limit === undefined && gated.length === 0) return null;
  const { limit, queue, queue_timeout_ms: patienceMs } = concurrency ?? providerConcurrencySchema.parse({});
  const names = gated.map((key) => key.name);
  const places = load.placesOf(name, names);
  const keys = gated.map((key, at) => ({ place: places[at] ?? 0, limit: key.concurrency?.limit ?? 0 }));
  return { slot: load.slotOf(name), patienceMs, limits: { limit: limit ?? null, queue, keys } };
}
