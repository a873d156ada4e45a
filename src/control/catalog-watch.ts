import type { Config } from "../domain/config/index.ts";
import { messageOf } from "./journal-loop.ts";
import type { ModelsDesk, Refreshed } from "./models-desk.ts";
import type { ProcessLog } from "./process-log.ts";

export interface CatalogWatchOptions {
  desk: ModelsDesk;
  config: () => Config["catalog"];
  /** New facts have been read. */
  changed: () => void;
  log: ProcessLog;
}

/** Reads the configured data sheet of model facts from time to time. */
export class CatalogWatch {
  private readonly options: CatalogWatchOptions;
  private timer: Timer | null = null;

  constructor(options: CatalogWatchOptions) {
    this.options = options;
  }

  /** Reads it now, and again as often as the configuration says; a bad one is reported and the last facts stay. */
  restart(): void {
    this.stop();
    const { desk, config } = this.options;
    const { url, file, refresh_hours: hours } = config();
    const isNone = url === undefined && file === undefined;
    if (isNone && desk.current === null) return;
    const refresh = (): void => void this.refresh().catch((error: unknown) => this.report(url ?? file, error));
    refresh();
    if (!isNone) this.timer = setInterval(refresh, hours * 3_600_000);
  }

  /** Null when none is configured. Rejects when it is no good. */
  async refresh(): Promise<Refreshed | null> {
    const refreshed = await this.options.desk.refresh(this.options.config());
    this.options.changed();
    return refreshed;
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private report(source: string | undefined, error: unknown): void {
    this.options.log("warn", `catalog: ${source} was not read, the last facts stay: ${messageOf(error)}`);
  }
}
