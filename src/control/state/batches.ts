import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, valueFrom, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Asker } from "../../domain/state/ask.ts";
import type { Job, JobState, KeptObject, StateStore } from "../../domain/state/port.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { BATCH_ENDPOINTS, readLines } from "./batch-lines.ts";
import type { FileShelf } from "./file-shelf.ts";
import { lineJob } from "./line-job.ts";
import { bodyOf, owned, pageOf } from "./owned.ts";
import type { StateSettings } from "./settings.ts";

const WINDOW_MS = 86_400_000;
const OPEN = ["in_progress", "finalizing", "cancelling"];
/** Lines of an output file that are read from the store at once. */
const PAGE = 200;

/** Batches in OpenAI's form that are run here: https://platform.openai.com/docs/api-reference/batch */
export class Batches {
  private readonly store: StateStore;
  private readonly files: FileShelf;
  private readonly settings: () => StateSettings;
  private readonly finishing = new Set<string>();

  constructor(store: StateStore, files: FileShelf, settings: () => StateSettings) {
    this.store = store;
    this.files = files;
    this.settings = settings;
  }

  /** Reads the file of a batch and queues its lines; a file with faults makes a batch that has failed. */
  async create(asker: Asker, args: JsonObject): Promise<JsonObject> {
    const { endpoint, window } = checked(args);
    const file = owned(this.store, asker.owner, "file", args["input_file_id"]);
    if (this.openOf(asker.owner) >= this.settings().maxOpenBatches) {
      throw new GatewayError("rate_limited", "too many batches are under way: wait for one to end", {
        retryAfterMs: 60_000,
      });
    }
    const { lines, errors } = await readLines(await this.files.bytes(file).text(), endpoint, this.settings().maxLines);
    const now = Date.now();
    const id = timeOrderedId("batch_", now);
    const hasFailed = errors.length > 0;
    const body: JsonObject = {
      ...newBatch(id, endpoint, file.id, window, now),
      metadata: args["metadata"] ?? null,
      status: hasFailed ? "failed" : "in_progress",
      ...(hasFailed
        ? { failed_at: seconds(now), errors: { object: "list", data: errors as unknown as Json } }
        : { in_progress_at: seconds(now), request_counts: { total: lines.length, completed: 0, failed: 0 } }),
    };
    const jobs = hasFailed
      ? []
      : lines.map(({ customId, body: request }, at) => lineJob(asker, id, at, customId, endpoint, request));
    this.store.addJobs(jobs, this.objectOf(asker, id, body, now));
    return body;
  }

  get({ owner }: Asker, id: Json | undefined): JsonObject {
    return this.present(owned(this.store, owner, "batch", id));
  }

  list({ owner }: Asker, query: JsonObject): JsonObject {
    const { limit, after } = pageOf(query, 100, 20);
    const found = this.store.objects(owner, "batch", limit + 1, after);
    const data = found.slice(0, limit).map((object) => this.present(object));
    const ids = data.map((each) => each["id"] ?? null);
    return {
      object: "list",
      data,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
      has_more: found.length > limit,
    };
  }

  /** Lines under way end; those that wait are not begun. */
  cancel({ owner }: Asker, id: Json | undefined): JsonObject {
    const object = owned(this.store, owner, "batch", id);
    const body = bodyOf(object);
    if (body["status"] !== "in_progress") {
      throw new GatewayError("invalid_request", `a batch that is ${textOf(body["status"])} cannot be cancelled`);
    }
    const now = Date.now();
    const next = { ...body, status: "cancelling", cancelling_at: seconds(now) };
    this.store.setObject(object.id, JSON.stringify(next));
    this.store.endQueued(object.id, "cancelled", now);
    return this.present({ ...object, body: JSON.stringify(next) });
  }

  /** Takes every open batch a step further: those whose time is up expire, those without lines left get their files. */
  async advance(): Promise<void> {
    for (const object of this.store.objectsByStatus("batch", OPEN)) {
      const body = bodyOf(object);
      if (Date.now() > Number(body["expires_at"]) * 1000) this.store.endQueued(object.id, "expired", Date.now());
      const counts = this.store.countJobs(object.id);
      if ((counts.queued ?? 0) + (counts.running ?? 0) > 0 || this.finishing.has(object.id)) continue;
      this.finishing.add(object.id);
      await this.finish(object, body, counts).finally(() => this.finishing.delete(object.id));
    }
  }

  /** Interrupted at any point, it is done again with the same outcome. */
  private async finish(object: KeptObject, body: JsonObject, counts: Partial<Record<JobState, number>>): Promise<void> {
    const { good, bad } = this.outcomes(object.id);
    const asker = { owner: object.owner, caller: object.caller };
    const facts = { purpose: "batch_output", expiresAfter: null };
    const stem = object.id.replace("batch_", "file-");
    const output =
      good.length === 0
        ? null
        : await this.files.put(
            asker,
            { ...facts, filename: `${object.id}_output.jsonl` },
            fileOf(good),
            `${stem}-output`,
          );
    const errors =
      bad.length === 0
        ? null
        : await this.files.put(asker, { ...facts, filename: `${object.id}_error.jsonl` }, fileOf(bad), `${stem}-error`);
    const now = seconds(Date.now());
    const status = endOf(body, counts);
    const total = good.length + bad.length;
    const next = {
      ...body,
      status,
      [`${status}_at`]: now,
      finalizing_at: now,
      output_file_id: output?.["id"] ?? null,
      error_file_id: errors?.["id"] ?? null,
      request_counts: { total, completed: good.length, failed: bad.length },
    };
    this.store.setObject(object.id, JSON.stringify(next));
    this.store.dropJobs(object.id);
  }

  private outcomes(batch: string): { good: string[]; bad: string[] } {
    const good: string[] = [];
    const bad: string[] = [];
    for (let from = 0; ; from += PAGE) {
      const jobs = this.store.jobsOf(batch, from, PAGE);
      for (const job of jobs) (job.status !== null && job.status < 300 ? good : bad).push(outcomeLine(job));
      if (jobs.length < PAGE) return { good, bad };
    }
  }

  private present(object: KeptObject): JsonObject {
    const body = bodyOf(object);
    if (object.provider !== null || !OPEN.includes(textOf(body["status"]))) return body;
    const counts = this.store.countJobs(object.id);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const ended = counts.done ?? 0;
    const failed = (counts.failed ?? 0) + (counts.expired ?? 0) + (counts.cancelled ?? 0);
    return { ...body, request_counts: { total, completed: ended, failed } };
  }

  private openOf(owner: string): number {
    const open = this.store.objectsByStatus("batch", OPEN);
    return open.filter((object) => object.owner === owner).length;
  }

  private objectOf(asker: Asker, id: string, body: JsonObject, now: number): KeptObject {
    const text = JSON.stringify(body);
    const place = { provider: null, provider_key: null, created_at: now, expires_at: now + this.settings().batchMs };
    return { id, kind: "batch", ...asker, ...place, bytes: text.length, body: text };
  }
}

function checked(args: JsonObject): { endpoint: string; window: string } {
  const { endpoint, completion_window: window = "24h", metadata } = args;
  if (typeof endpoint !== "string" || !BATCH_ENDPOINTS.includes(endpoint)) {
    throw new GatewayError("invalid_request", `'endpoint' must be one of ${BATCH_ENDPOINTS.join(", ")}`, {
      param: "endpoint",
    });
  }
  if (window !== "24h")
    throw new GatewayError("invalid_request", "'completion_window' must be 24h", { param: "completion_window" });
  const isGood = metadata == null || (isJsonObject(metadata) && JSON.stringify(metadata).length <= 16_384);
  if (!isGood)
    throw new GatewayError("invalid_request", "'metadata' must be an object of at most 16 KiB", { param: "metadata" });
  return { endpoint, window };
}

function newBatch(id: string, endpoint: string, file: string, window: string, now: number): JsonObject {
  return {
    id,
    object: "batch",
    endpoint,
    errors: null,
    input_file_id: file,
    completion_window: window,
    output_file_id: null,
    error_file_id: null,
    created_at: seconds(now),
    in_progress_at: null,
    expires_at: seconds(now + WINDOW_MS),
    finalizing_at: null,
    completed_at: null,
    failed_at: null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
  };
}

function endOf(body: JsonObject, counts: Partial<Record<JobState, number>>): "cancelled" | "expired" | "completed" {
  if (body["status"] === "cancelling") return "cancelled";
  return (counts.expired ?? 0) > 0 ? "expired" : "completed";
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function fileOf(texts: readonly string[]): Uint8Array {
  return Buffer.from(texts.map((text) => `${text}\n`).join(""));
}

const REASONS: Partial<Record<JobState, { code: string; message: string }>> = {
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  cancelled: { code: "batch_cancelled", message: "This request was not executed: the batch was cancelled." },
  failed: {
    code: "request_interrupted",
    message: "The gateway stopped while this request was under way; it was not made again.",
  },
};

/** A line of an output or error file. */
function outcomeLine(job: Job): string {
  const head = { id: `batch_req_${job.id.replace("batch_", "")}`, custom_id: job.custom_id };
  if (job.state !== "done") return JSON.stringify({ ...head, response: null, error: REASONS[job.state] ?? null });
  const body = jsonOf(job.answer ?? new Uint8Array());
  return JSON.stringify({
    ...head,
    response: { status_code: job.status, request_id: job.request_id, body },
    error: null,
  });
}

function jsonOf(bytes: Uint8Array): Json {
  const text = Buffer.from(bytes).toString("utf8");
  return valueFrom(text) ?? text;
}
