import { expect } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { recordOf, type Seen } from "./bench.ts";
import { startScene, wireOf, type Place, type Scene } from "./routing-scene.ts";

export const AFTER_MS = 80;
const wire = wireOf("openai-chat");
export const STALL: Step = { stall: true };
export const good = (text: string): Step[] => jsonAnswer(wire.whole(text, wire.usage));
export const late = (ms: number, steps: Step[]): Step[] => [{ wait: ms }, ...steps];
export const failed = (status: number, message: string): Step[] => jsonAnswer(wire.errorBody(status, message), status);

type Ask = NonNullable<Parameters<Scene["ask"]>[2]>;

/** A scene that hedges after `AFTER_MS`. */
export interface HedgingScene extends Scene {
  /** Asks the first place, with the others as fallbacks. */
  askChain(places: readonly Place[], options?: Ask): Promise<Seen>;
  record(id: string): Promise<RequestRecord>;
  /** A hedge needs room for two worst cases in the key's budget: it is only made when all was given back. */
  expectSettled(key: string): Promise<void>;
}

export async function startHedging(options: {
  aliases: Record<string, unknown>;
  rules?: object[];
}): Promise<HedgingScene> {
  const { aliases, rules = [] } = options;
  const scene = await startScene({ routing: { hedging: { after: AFTER_MS }, rules }, aliases });
  const record = (id: string): Promise<RequestRecord> => recordOf(scene.gateway, id);
  const askChain: HedgingScene["askChain"] = (places, options = {}) => {
    const [first, ...rest] = places.map(({ model }) => model);
    return scene.ask("openai-chat", first ?? "", {
      ...options,
      more: { ...options.more, ...(rest.length > 0 && { fallbacks: rest }) },
    });
  };
  return {
    ...scene,
    askChain,
    record,
    async expectSettled(key) {
      const [slow, quick] = [scene.place([STALL]), scene.place(good("again"))];
      const seen = await askChain([slow, quick], { key });
      expect(attemptsOf(await record(seen.id))).toEqual([
        [slow.name, "hedge_lost"],
        [quick.name, null, "hedge"],
      ]);
    },
  };
}

/** What the record lists: where each call went and how it ended. */
export function attemptsOf({ attempts }: RequestRecord): unknown[] {
  return attempts.map(({ provider, code, hedge }) => [provider, code, ...(hedge === true ? ["hedge"] : [])]);
}
