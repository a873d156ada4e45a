import { GatewayError } from "../canonical/errors.ts";
import type { RequestRecord } from "../canonical/record.ts";
import type { CountFeedback } from "../domain/feedback/metrics.ts";
import type { Feedback, FeedbackStore } from "../domain/feedback/port.ts";
import type { FeedbackStatement } from "../domain/feedback/read-feedback.ts";
import { parseRecord } from "../domain/journal/parse-record.ts";
import type { Asker } from "../domain/state/ask.ts";
import { ownerOf } from "../domain/state/owner.ts";

export interface FeedbackDeskOptions {
  store: FeedbackStore & { get(id: string): RequestRecord | null; recordByResponse(id: string): string | null };
  /** Reads all records that have been written so far into the store. */
  drainJournal(): void;
  /** The store does not take what the journal has. */
  isStoreFailing(): boolean;
  count: CountFeedback;
  wait(milliseconds: number): Promise<void>;
}

/** A client may say what it thinks of a stream before its end, which is when its record is written. */
const GRACE_MS = 2000;
const POLL_MS = 100;
/** Requests that wait for a record at once: ids that are nobody's must not hold up those that are. */
const MOST_WAITING = 64;

/** Takes feedback on requests that are in the store, or will be within moments. */
export class FeedbackDesk {
  private readonly options: FeedbackDeskOptions;
  private waiting = 0;

  constructor(options: FeedbackDeskOptions) {
    this.options = options;
  }

  /** Of a caller, on what its virtual key or another one of its team has asked. Throws `not_found` for other requests. */
  async fromCaller({ owner, caller }: Asker, statement: FeedbackStatement): Promise<Feedback> {
    const record = await this.recordOf(statement.id);
    const key = record?.virtual_key ?? null;
    const isOwn = record !== null && ownerOf(key === null ? null : { id: key, team: record.team }) === owner;
    if (!isOwn) throw unknown("no such request of this virtual key or its team");
    return this.keep(record, caller === "" ? "caller" : `virtual_key:${caller}`, statement);
  }

  /** Of an administrator, on any request. */
  async fromAdmin(source: string, statement: FeedbackStatement): Promise<Feedback> {
    const record = await this.recordOf(statement.id);
    if (record === null) throw unknown("no such request");
    return this.keep(record, source, statement);
  }

  private keep(record: RequestRecord, source: string, said: FeedbackStatement): Feedback {
    const { score, weight, label, comment, metadata } = said;
    const feedback = { request_id: record.id, source, time: Date.now(), score, weight, label, comment, metadata };
    if (this.options.store.putFeedback(feedback) === "added") this.options.count(record, score);
    return feedback;
  }

  private async recordOf(id: string): Promise<RequestRecord | null> {
    this.options.drainJournal();
    const found = this.find(id);
    if (found === null && this.options.isStoreFailing()) {
      throw new GatewayError("overloaded", "the store takes no records at present: say it again later", {
        retryAfterMs: 5000,
      });
    }
    if (found !== null || this.waiting >= MOST_WAITING) return found;
    this.waiting += 1;
    try {
      return await this.awaited(id);
    } finally {
      this.waiting -= 1;
    }
  }

  private async awaited(id: string): Promise<RequestRecord | null> {
    for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
      await this.options.wait(POLL_MS);
      const found = this.find(id);
      if (found !== null) return found;
    }
    return null;
  }

  /** By the request's id, or by that of its answer, which SDKs show more readily. */
  private find(id: string): RequestRecord | null {
    const { store } = this.options;
    const known = store.get(id);
    if (known !== null) return known;
    const text = store.recordByResponse(id);
    return text === null ? null : parseRecord(text);
  }
}

function unknown(message: string): GatewayError {
  return new GatewayError("not_found", message, { param: "request_id" });
}
