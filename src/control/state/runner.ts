import type { Job, JobEnd, StateStore } from "../../domain/state/port.ts";
import type { ProcessLog } from "../process-log.ts";
import { messageOf } from "../journal-loop.ts";
import type { StateSettings } from "./settings.ts";

/** What came of a job's request. */
export interface JobAnswer {
  status: number;
  contentType: string;
  requestId: string | null;
  /** A provider was called. */
  wasTried: boolean;
  /** To wait before another try, milliseconds; null: the answer does not say. */
  retryAfterMs: number | null;
  body: Uint8Array;
}

export interface RunnerOptions {
  store: StateStore;
  settings: () => StateSettings;
  /** Makes the request of a job. Rejects when nobody knows whether it was made. */
  send(job: Job): Promise<JobAnswer>;
  /** A job has ended. */
  ended(job: Job, answer: JobAnswer | null): void;
  log: ProcessLog;
}

const TICK_MS = 200;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A job that is refused for so long, since no limit lets it through, ends with the last refusal. */
const PATIENCE_MS = 86_400_000;

/**
 * Makes the requests of jobs: those that callers wait for beside those of batches, each kind with its own bound. A job is
 * marked in the store before it is sent and is never sent again after that, unless it was refused before any provider
 * was called.
 */
export class JobRunner {
  private readonly options: RunnerOptions;
  private readonly running = { batch: 0, single: 0 };
  private readonly resting = new Map<string, number>();
  private timer: Timer | null = null;
  private isStopped = false;
  private isBroken = false;

  constructor(options: RunnerOptions) {
    this.options = options;
  }

  /** Ends what an earlier process left running, and begins. */
  start(): void {
    this.attempt(() => {
      const left = this.options.store.endInterrupted(INTERRUPTED(Date.now() + this.options.settings().jobMs));
      if (left > 0)
        this.options.log(
          "warn",
          `${left} requests of batches and jobs were under way when the process ended: not made again`,
        );
    });
    this.timer = setInterval(() => this.fill(), TICK_MS);
  }

  /** Takes up nothing more. */
  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** There is something new to run. */
  kick(): void {
    queueMicrotask(() => this.fill());
  }

  private fill(): void {
    if (this.isStopped) return;
    const { batchConcurrency, jobConcurrency } = this.options.settings();
    this.attempt(() => {
      this.take("single", jobConcurrency);
      this.take("batch", batchConcurrency);
    });
  }

  private take(kind: "batch" | "single", most: number): void {
    const { store } = this.options;
    while (this.running[kind] < most) {
      const now = Date.now();
      const job = kind === "batch" ? store.nextLine(now, this.restingAt(now)) : store.nextSingle(now);
      if (job === null || !store.startJob(job.id)) return;
      this.running[kind] += 1;
      void this.run({ ...job, state: "running" }).finally(() => {
        this.running[kind] -= 1;
        this.fill();
      });
    }
  }

  /** Batches of which a line was just refused: the next would be, too. */
  private restingAt(now: number): string[] {
    for (const [batch, until] of this.resting) if (until <= now) this.resting.delete(batch);
    return [...this.resting.keys()];
  }

  private async run(job: Job): Promise<void> {
    let answer: JobAnswer | null = null;
    try {
      answer = await this.options.send(job);
    } catch (error) {
      this.options.log("warn", `job ${job.id}: its request broke off: ${messageOf(error)}`);
    }
    if (answer !== null && mayWait(job, answer)) {
      const wait = Math.min(answer.retryAfterMs ?? PAUSE_MS, LONGEST_PAUSE_MS);
      if (job.batch !== null) this.resting.set(job.batch, Date.now() + wait);
      return this.persist(() => this.options.store.requeueJob(job.id, Date.now() + wait));
    }
    await this.persist(() => this.end(job, answer));
  }

  private end(job: Job, answer: JobAnswer | null): void {
    const now = Date.now();
    const expires = job.batch === null ? now + this.options.settings().jobMs : null;
    const end: JobEnd =
      answer === null
        ? { ...INTERRUPTED(expires), ended_at: now }
        : {
            state: "done",
            status: answer.status,
            answer_type: answer.contentType,
            request_id: answer.requestId,
            answer: answer.body,
            ended_at: now,
            expires_at: expires,
          };
    this.options.store.endJob(job.id, end);
    this.options.ended({ ...job, ...end }, answer);
  }

  /** What is known of a job must reach the store, however long that is away. */
  private async persist(write: () => void): Promise<void> {
    while (!this.attempt(write)) await Bun.sleep(PAUSE_MS);
  }

  private attempt(work: () => void): boolean {
    try {
      work();
      this.isBroken = false;
      return true;
    } catch (error) {
      if (!this.isBroken) this.options.log("warn", `jobs wait: the store does not take them: ${messageOf(error)}`);
      this.isBroken = true;
      return false;
    }
  }
}

/** Refusals that pass, before a provider was called, or by one that was asked too much. */
function mayWait(job: Job, { status, wasTried }: JobAnswer): boolean {
  if (Date.now() - job.created_at > PATIENCE_MS) return false;
  return status === 429 || (status === 503 && !wasTried);
}

const INTERRUPTED = (expires: number | null): JobEnd => ({
  state: "failed",
  status: null,
  answer_type: null,
  request_id: null,
  answer: null,
  ended_at: Date.now(),
  expires_at: expires,
});
