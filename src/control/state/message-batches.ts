import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Asker } from "../../domain/state/ask.ts";
import type { Job, KeptObject, StateStore } from "../../domain/state/port.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import { lineJob } from "./line-job.ts";
import { bodyOf, owned, pageOf } from "./owned.ts";
import type { StateSettings } from "./settings.ts";

const WINDOW_MS = 86_400_000;
const OPEN = ["in_progress", "canceling"];
const NONE = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
const PAGE = 200;

/** Batches in Anthropic's form that are run here: https://docs.anthropic.com/en/api/creating-message-batches */
export class MessageBatches {
  private readonly store: StateStore;
  private readonly settings: () => StateSettings;

  constructor(store: StateStore, settings: () => StateSettings) {
    this.store = store;
    this.settings = settings;
  }

  create(asker: Asker, { requests }: JsonObject): JsonObject {
    const lines = readRequests(requests, this.settings().maxLines);
    const open = this.store.objectsByStatus("message_batch", OPEN).filter(({ owner }) => owner === asker.owner);
    if (open.length >= this.settings().maxOpenBatches) {
      throw new GatewayError("rate_limited", "too many batches are under way: wait for one to end", {
        retryAfterMs: 60_000,
      });
    }
    const now = Date.now();
    const id = timeOrderedId("msgbatch_", now);
    const body = { id, status: "in_progress", created: now, expires: now + WINDOW_MS, canceled: null, ended: null };
    const jobs = lines.map(({ customId, params }, at) => lineJob(asker, id, at, customId, "/v1/messages", params));
    const place = { provider: null, provider_key: null, created_at: now, expires_at: now + this.settings().batchMs };
    const text = JSON.stringify(body);
    const object = { id, kind: "message_batch", ...asker, ...place, bytes: text.length, body: text } as const;
    this.store.addJobs(jobs, object);
    return this.present(object);
  }

  get({ owner }: Asker, id: Json | undefined): JsonObject {
    return this.present(owned(this.store, owner, "message_batch", id));
  }

  /** Newest first; `has_more` is of the direction that was asked for. */
  list({ owner }: Asker, query: JsonObject): JsonObject {
    const { limit, after } = pageOf(query, 1000, 20);
    const { before_id: before } = query;
    if (typeof before === "string" && after !== null)
      throw new GatewayError("invalid_request", "give 'after_id' or 'before_id', not both", { param: "before_id" });
    const found =
      typeof before === "string"
        ? this.store.objectsBefore(owner, "message_batch", limit + 1, before)
        : this.store.objects(owner, "message_batch", limit + 1, after);
    const page = found.slice(0, limit);
    const data = (typeof before === "string" ? page.toReversed() : page).map((object) =>
      object.provider === null ? this.present(object) : bodyOf(object),
    );
    const ids = data.map((each) => each["id"] ?? null);
    return { data, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null, has_more: found.length > limit };
  }

  cancel({ owner }: Asker, id: Json | undefined): JsonObject {
    const object = owned(this.store, owner, "message_batch", id);
    const body = bodyOf(object);
    if (body["status"] === "ended")
      throw new GatewayError("invalid_request", "a batch that has ended cannot be canceled");
    const now = Date.now();
    const next = JSON.stringify({ ...body, status: "canceling", canceled: body["canceled"] ?? now });
    this.store.setObject(object.id, next);
    this.store.endQueued(object.id, "cancelled", now);
    return this.present({ ...object, body: next });
  }

  remove({ owner }: Asker, id: Json | undefined): JsonObject {
    const object = owned(this.store, owner, "message_batch", id);
    if (object.provider === null && bodyOf(object)["status"] !== "ended") {
      throw new GatewayError("invalid_request", "a batch that is under way cannot be deleted: cancel it first");
    }
    this.store.dropObject(object.id);
    this.store.dropJobs(object.id);
    return { id: object.id, type: "message_batch_deleted" };
  }

  /** The lines of the results; throws while the batch is under way. */
  results({ owner }: Asker, id: string): ReadableStream<Uint8Array> {
    const object = owned(this.store, owner, "message_batch", id);
    if (bodyOf(object)["status"] !== "ended")
      throw new GatewayError("not_found", "the batch has not ended yet: there are no results");
    let from = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const jobs = this.store.jobsOf(object.id, from, PAGE);
        from += PAGE;
        if (jobs.length > 0) controller.enqueue(Buffer.from(jobs.map((job) => `${resultLine(job)}\n`).join("")));
        if (jobs.length < PAGE) controller.close();
      },
    });
  }

  /** Ends batches without lines left; those whose time is up expire. */
  advance(): void {
    for (const object of this.store.objectsByStatus("message_batch", OPEN)) {
      const body = bodyOf(object);
      const now = Date.now();
      if (now > Number(body["expires"])) this.store.endQueued(object.id, "expired", now);
      const { queued = 0, running = 0 } = this.store.countJobs(object.id);
      if (queued + running > 0) continue;
      const counts = this.tally(object.id);
      this.store.setObject(object.id, JSON.stringify({ ...body, status: "ended", ended: now, counts }));
    }
  }

  private present(object: KeptObject): JsonObject {
    const { id, status, created, expires, canceled, ended, counts } = bodyOf(object);
    const processing = Object.values(this.store.countJobs(object.id)).reduce((sum, count) => sum + count, 0);
    return {
      id: id ?? object.id,
      type: "message_batch",
      processing_status: status ?? "ended",
      request_counts: counts ?? { ...NONE, processing },
      created_at: time(created),
      expires_at: time(expires),
      ended_at: time(ended),
      cancel_initiated_at: time(canceled),
      archived_at: null,
      results_url: status === "ended" ? `/v1/messages/batches/${object.id}/results` : null,
    };
  }

  private tally(batch: string): Record<string, number> {
    const tally: Record<string, number> = { ...NONE };
    for (let from = 0; ; from += PAGE) {
      const jobs = this.store.jobsOf(batch, from, PAGE);
      for (const job of jobs) {
        const kind = kindOf(job);
        tally[kind] = (tally[kind] ?? 0) + 1;
      }
      if (jobs.length < PAGE) return tally;
    }
  }
}

function time(value: Json | undefined): string | null {
  return typeof value === "number" ? new Date(value).toISOString() : null;
}

function readRequests(requests: Json | undefined, most: number): { customId: string; params: JsonObject }[] {
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > most) {
    throw new GatewayError("invalid_request", `'requests' must be a list of 1 to ${most} requests`, {
      param: "requests",
    });
  }
  const ids = new Set<string>();
  return requests.map((request, at) => {
    const param = `requests[${at}]`;
    const { custom_id: customId, params } = isJsonObject(request) ? request : {};
    if (typeof customId !== "string" || !/^[\w-]{1,64}$/.test(customId)) {
      throw new GatewayError("invalid_request", `${param}.custom_id: must be 1 to 64 letters, digits, '_' and '-'`, {
        param: `${param}.custom_id`,
      });
    }
    if (ids.has(customId))
      throw new GatewayError("invalid_request", `${param}.custom_id: stands in the batch twice`, { param });
    ids.add(customId);
    if (!isJsonObject(params))
      throw new GatewayError("invalid_request", `${param}.params: must be an object`, { param });
    if (params["stream"] === true)
      throw new GatewayError("invalid_request", `${param}.params.stream: a batch cannot stream`, { param });
    return { customId, params };
  });
}

const KINDS: Partial<Record<Job["state"], string>> = { cancelled: "canceled", expired: "expired" };

function kindOf({ state, status }: Job): string {
  if (state === "done" && status !== null && status < 300) return "succeeded";
  return KINDS[state] ?? "errored";
}

const INTERRUPTED = {
  type: "error",
  error: { type: "api_error", message: "the gateway stopped while this request was under way; it was not made again" },
};

function resultLine(job: Job): string {
  const type = kindOf(job);
  const answer = job.answer === null ? null : jsonOf(job.answer);
  const more = type === "succeeded" ? { message: answer } : type === "errored" ? { error: answer ?? INTERRUPTED } : {};
  return JSON.stringify({ custom_id: job.custom_id, result: { type, ...more } });
}

function jsonOf(bytes: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as Json;
  } catch {
    return null;
  }
}
