import type { SnapshotProvider } from "../pipeline/snapshot-data.ts";
import { fetchModelList, listsModels, type Signers } from "./fetch-model-list.ts";
import { messageOf } from "./journal-loop.ts";
import type { ProcessLog } from "./process-log.ts";

/** Ids of models by provider name. */
export type LiveModels = [provider: string, models: string[]][];

export interface ModelListsOptions {
  signers: Signers;
  log: ProcessLog;
  /** A list is not what it was. */
  changed: (live: LiveModels) => void;
  /** Milliseconds until a provider is asked again, by the failures in a row so far. */
  pause: (failures: number) => number;
}

const REFRESH_MS = 3_600_000;
const FIRST_RETRY_MS = 1000;

/** An hour after an answer; after failures a second, then twice as long each time, never beyond the hour. */
export function pauseAfter(failures: number): number {
  return failures === 0 ? REFRESH_MS : Math.min(REFRESH_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

interface Followed {
  provider: SnapshotProvider;
  /** Of the last good answer; null before there was one. */
  models: string[] | null;
  failures: number;
  timer: Timer | null;
}

/**
 * The models that providers list themselves. They decide which provider serves a bare model name, so a provider that fails to
 * answer keeps the list that it gave before, and is asked again soon.
 */
export class ModelLists {
  private readonly options: ModelListsOptions;
  private followed = new Map<string, Followed>();

  constructor(options: ModelListsOptions) {
    this.options = options;
  }

  /** Providers that never answered are left out. */
  get live(): LiveModels {
    return [...this.followed.values()].flatMap(({ provider: { name }, models }) =>
      models === null ? [] : [[name, models] satisfies LiveModels[number]],
    );
  }

  /** Asks these providers now and from time to time. Lists of others, and of those that have another address now, go. */
  follow(providers: readonly SnapshotProvider[]): void {
    const before = this.followed;
    this.stop();
    this.followed = new Map(
      providers.filter(listsModels).map((provider) => {
        const models = knownOf(before.get(provider.name), provider);
        return [provider.name, { provider, models, failures: 0, timer: null }];
      }),
    );
    if ([...before.values()].some(({ provider, models }) => models !== this.followed.get(provider.name)?.models))
      this.options.changed(this.live);
    for (const one of this.followed.values()) void this.ask(one);
  }

  /** Answers that are still on their way change nothing any more. */
  stop(): void {
    for (const { timer } of this.followed.values()) if (timer !== null) clearTimeout(timer);
    this.followed = new Map();
  }

  private async ask(one: Followed): Promise<void> {
    try {
      const models = await fetchModelList(one.provider, this.options.signers);
      one.failures = 0;
      this.take(one, models);
    } catch (error) {
      one.failures += 1;
      this.options.log("debug", `models of provider ${one.provider.name} are not listed: ${messageOf(error)}`);
    }
    if (this.isCurrent(one)) one.timer = setTimeout(() => void this.ask(one), this.options.pause(one.failures));
  }

  private take(one: Followed, models: string[]): void {
    if (!this.isCurrent(one) || Bun.deepEquals(one.models, models)) return;
    one.models = models;
    this.options.changed(this.live);
  }

  private isCurrent(one: Followed): boolean {
    return this.followed.get(one.provider.name) === one;
  }
}

function knownOf(before: Followed | undefined, provider: SnapshotProvider): string[] | null {
  return before?.provider.keys[0]?.baseUrl === provider.keys[0]?.baseUrl ? (before?.models ?? null) : null;
}
