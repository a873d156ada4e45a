import { healthScore } from "../domain/balance/score.ts";
import { LazyMap } from "../lib/lazy-map.ts";
import type { RequestContext } from "./context.ts";
import { isResting } from "./target-turn.ts";

/** Scores of all targets that the configuration names, each worked out when a rule asks for it. */
export class HealthMap extends LazyMap<number> {
  private readonly context: RequestContext;

  constructor(context: RequestContext) {
    super();
    this.context = context;
  }

  override get(name: string): number | undefined {
    const { snapshot, runtime } = this.context;
    const place = snapshot.targetSlots.get(name);
    if (place === undefined) return undefined;
    const now = runtime.clock.wall();
    const { provider, model: rest } = snapshot.router.resolver.split(name);
    const hash = rest.indexOf("#");
    const model = hash < 0 ? rest : rest.slice(0, hash);
    const target = { provider: provider ?? "", model, ...(hash >= 0 && { key: rest.slice(hash + 1) }) };
    return isResting(this.context, target, now) ? 0 : healthScore(runtime.targets.read(place.slot, now));
  }

  override has(name: string): boolean {
    return this.context.snapshot.targetSlots.has(name);
  }

  protected *entriesOf(): Generator<[string, number]> {
    for (const name of this.context.snapshot.targetSlots.keys()) yield [name, this.get(name) ?? 0];
  }
}
