import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Asker } from "../../domain/state/ask.ts";
import type { Job, StateStore } from "../../domain/state/port.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { StateSettings } from "./settings.ts";

/** Requests whose answers are fetched later. */
export class AsyncJobs {
  private readonly store: StateStore;
  private readonly settings: () => StateSettings;

  constructor(store: StateStore, settings: () => StateSettings) {
    this.store = store;
    this.settings = settings;
  }

  /** Queues a request; `meta` says how it is to be made. */
  create(asker: Asker, meta: JsonObject, request: Uint8Array): JsonObject {
    if (this.store.countPending(asker.owner) >= this.settings().maxPending) {
      throw new GatewayError("rate_limited", "too many requests wait or run already (async_jobs.max_pending)", {
        retryAfterMs: 10_000,
      });
    }
    const now = Date.now();
    const { background, headers } = meta;
    const job: Job = {
      id: timeOrderedId(background === undefined ? "job_" : "resp_", now),
      batch: null,
      position: 0,
      ...asker,
      state: "queued",
      custom_id: null,
      path: textOf(meta["path"]),
      content_type: textOf(meta["content_type"]),
      headers: JSON.stringify({ headers, background }),
      request,
      status: null,
      answer_type: null,
      request_id: null,
      answer: null,
      created_at: now,
      not_before: now,
      ended_at: null,
      expires_at: null,
    };
    this.store.addJobs([job], null);
    if (isJsonObject(background) && isJsonObject(background["base"])) {
      return { ...background["base"], id: job.id, status: "queued" };
    }
    return present(job);
  }

  get({ owner }: Asker, id: Json | undefined): JsonObject {
    return present(this.find(owner, id));
  }

  /** The answer in bytes; throws while there is none. */
  answer({ owner }: Asker, id: string): { contentType: string; body: Uint8Array } {
    const job = this.find(owner, id);
    if (job.answer === null) throw new GatewayError("not_found", "this job has no answer (yet)");
    return { contentType: job.answer_type ?? "application/octet-stream", body: job.answer };
  }

  /** Forgets a job; one that runs cannot be. */
  drop({ owner }: Asker, id: Json | undefined): JsonObject {
    const job = this.find(owner, id);
    if (job.state === "running") throw new GatewayError("invalid_request", "a job that runs cannot be deleted");
    this.store.dropJob(job.id);
    return { id: job.id, object: "async_job", deleted: true };
  }

  private find(owner: string, id: Json | undefined): Job {
    const job = typeof id === "string" && id.startsWith("job_") ? this.store.job(id) : null;
    const isGone = job !== null && job.expires_at !== null && job.expires_at <= Date.now();
    if (job !== null && job.owner === owner && !isGone) return job;
    throw new GatewayError("not_found", `no such job: ${JSON.stringify(id ?? null).slice(0, 100)}`);
  }
}

const WORDS: Readonly<Record<Job["state"], string>> = {
  queued: "queued",
  running: "in_progress",
  done: "completed",
  failed: "failed",
  cancelled: "cancelled",
  expired: "failed",
};

function present(job: Job): JsonObject {
  const isJson = job.answer !== null && (job.answer_type ?? "").includes("json");
  return {
    id: job.id,
    object: "async_job",
    status: WORDS[job.state],
    created_at: Math.floor(job.created_at / 1000),
    completed_at: job.ended_at === null ? null : Math.floor(job.ended_at / 1000),
    expires_at: job.expires_at === null ? null : Math.floor(job.expires_at / 1000),
    status_code: job.status,
    request_id: job.request_id,
    result: isJson && job.answer !== null ? (JSON.parse(Buffer.from(job.answer).toString("utf8")) as Json) : null,
    content_url: job.answer === null ? null : `/v1/async/${job.id}/content`,
    error:
      job.state === "failed"
        ? {
            code: "interrupted",
            message: "the gateway stopped while this request was under way; it was not made again",
          }
        : null,
  };
}
