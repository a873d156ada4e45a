import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { RequestRecord } from "../../canonical/record.ts";
import type { FeedbackStatement } from "../../domain/feedback/read-feedback.ts";
import type { Asker, StateAsk, StateQuestion } from "../../domain/state/ask.ts";
import type { Job, KeptObject, ObjectKind, StateStore } from "../../domain/state/port.ts";
import { drainSpool } from "../../domain/state/spool.ts";
import type { FeedbackDesk } from "../feedback-desk.ts";
import type { ProcessLog } from "../process-log.ts";
import { messageOf } from "../journal-loop.ts";
import { AsyncJobs } from "./async-jobs.ts";
import { backgroundOf, endedResponse } from "./background.ts";
import { Batches } from "./batches.ts";
import { FileShelf } from "./file-shelf.ts";
import { generation } from "./generation.ts";
import { MessageBatches } from "./message-batches.ts";
import { bodyOf, owned, pageOf } from "./owned.ts";
import { Responses } from "./responses.ts";
import { JobRunner, type JobAnswer } from "./runner.ts";
import { spoolDir, type StateSettings } from "./settings.ts";

export interface DeskOptions {
  store: StateStore & { get(id: string): RequestRecord | null };
  settings: () => StateSettings;
  /** Reads all records that have been written so far into the store. */
  drainJournal(): void;
  send(job: Job): Promise<JobAnswer>;
  feedback: Pick<FeedbackDesk, "fromCaller">;
  log: ProcessLog;
}

type Handler = (asker: Asker, args: JsonObject) => Json | Promise<Json>;

const ADVANCE_MS = 500;
const PRUNE_MS = 60_000;
/** Answers that are taken into the store at once. */
const SPOOLED = 200;

/** Everything that outlives requests, as data threads ask for it over a socket of their own. */
export class StateDesk {
  private readonly options: DeskOptions;
  private readonly files: FileShelf;
  private readonly batches: Batches;
  private readonly messages: MessageBatches;
  private readonly responses: Responses;
  private readonly jobs: AsyncJobs;
  private readonly runner: JobRunner;
  private readonly handlers: Record<StateAsk, Handler>;
  private readonly timers: Timer[] = [];
  private isAdvancing = false;

  constructor(options: DeskOptions) {
    const { store, settings, log } = options;
    this.options = options;
    this.files = new FileShelf(store, settings);
    this.batches = new Batches(store, this.files, settings);
    this.messages = new MessageBatches(store, settings);
    this.responses = new Responses(store, () => this.settle());
    this.jobs = new AsyncJobs(store, settings);
    this.runner = new JobRunner({
      store,
      settings,
      log,
      send: (job) => options.send(job),
      ended: (job, answer) => this.ended(job, answer),
    });
    this.handlers = this.table();
  }

  start(): void {
    this.runner.start();
    this.timers.push(setInterval(() => void this.advance(), ADVANCE_MS));
    this.timers.push(setInterval(() => void this.quietly(() => this.prune()), PRUNE_MS));
  }

  /** Takes up no further job. */
  stop(): void {
    this.runner.stop();
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Answers a data thread. Never rejects. */
  async answer(request: Request): Promise<Response> {
    try {
      return await this.dispatch(request);
    } catch (error) {
      if (!(error instanceof GatewayError)) this.options.log("error", `state: ${messageOf(error)}`);
      const known =
        error instanceof GatewayError
          ? error
          : new GatewayError("overloaded", "the store does not answer", { retryAfterMs: 5000 });
      const { code, message, fields } = known;
      return Response.json({ error: { code, message, ...(fields.param !== undefined && { param: fields.param }) } });
    }
  }

  private async dispatch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, verb = "", name = ""] = pathname.split("/");
    if (verb === "ask") {
      const { asker, args } = (await request.json()) as StateQuestion;
      return Response.json({ value: await this.handlers[name as StateAsk](asker, args) });
    }
    const { asker, args } = JSON.parse(searchParams.get("q") ?? "{}") as StateQuestion;
    if (verb === "upload") return Response.json({ value: await this.upload(asker, args, await request.bytes()) });
    if (verb === "job") {
      const made = this.jobs.create(asker, args, await request.bytes());
      this.runner.kick();
      return Response.json({ value: made });
    }
    return this.bytes(asker, name, textOf(args["id"]));
  }

  private upload(
    asker: Asker,
    { filename, purpose, expires_after: after }: JsonObject,
    data: Uint8Array,
  ): Promise<Json> {
    const expiresAfter = typeof after === "number" ? after : null;
    return this.files.put(asker, { filename: textOf(filename), purpose: textOf(purpose), expiresAfter }, data);
  }

  private bytes(asker: Asker, name: string, id: string): Response {
    if (name === "file") {
      const file = this.files.bytes(owned(this.options.store, asker.owner, "file", id));
      return new Response(file.stream(), { headers: { "content-type": "application/octet-stream" } });
    }
    if (name === "results") {
      return new Response(this.messages.results(asker, id), { headers: { "content-type": "application/x-jsonl" } });
    }
    const { contentType, body } = this.jobs.answer(asker, id);
    return new Response(body as BodyInit, { headers: { "content-type": contentType, "x-state": "bytes" } });
  }

  private table(): Record<StateAsk, Handler> {
    const { responses, batches, messages, jobs, files } = this;
    const { store } = this.options;
    return {
      response_origin: (asker, { id }) => responses.origin(asker, id),
      response_get: (asker, { id }) => responses.get(asker, id),
      response_items: (asker, { id }) => responses.items(asker, id),
      response_replay: (asker, { id }) => responses.replay(asker, id),
      response_delete: (asker, { id }) => responses.remove(asker, id),
      response_cancel: (asker, { id }) => this.cancelResponse(asker, id),
      object_put: (asker, args) => this.putObject(asker, args),
      object_get: ({ owner }, { kind, id }) => presentObject(owned(store, owner, kind as ObjectKind, id)),
      object_drop: ({ owner }, { kind, id }) => {
        store.dropObject(owned(store, owner, kind as ObjectKind, id).id);
        return null;
      },
      file_list: ({ owner }, query) => this.listFiles(owner, query),
      file_drop: async ({ owner }, { id }) => {
        await files.drop(owned(store, owner, "file", id));
        return { id: id ?? null, object: "file", deleted: true };
      },
      batch_create: async (asker, args) => this.kicked(await batches.create(asker, args)),
      batch_get: (asker, { id }) => batches.get(asker, id),
      batch_list: (asker, query) => batches.list(asker, query),
      batch_cancel: (asker, { id }) => batches.cancel(asker, id),
      message_batch_create: (asker, args) => this.kicked(messages.create(asker, args)),
      message_batch_get: (asker, { id }) => messages.get(asker, id),
      message_batch_list: (asker, query) => messages.list(asker, query),
      message_batch_cancel: (asker, { id }) => messages.cancel(asker, id),
      message_batch_delete: (asker, { id }) => messages.remove(asker, id),
      job_get: (asker, { id }) => jobs.get(asker, id),
      job_drop: (asker, { id }) => jobs.drop(asker, id),
      feedback: async (asker, said) => ({
        ...(await this.options.feedback.fromCaller(asker, said as unknown as FeedbackStatement)),
      }),
      generation: (asker, { id }) => {
        this.options.drainJournal();
        return generation(store, asker, id);
      },
    };
  }

  private kicked(made: JsonObject): JsonObject {
    this.runner.kick();
    return made;
  }

  private putObject(asker: Asker, args: JsonObject): Json {
    const { kind, id, provider, provider_key: key, body, bytes } = args;
    const now = Date.now();
    const { fileMs, batchMs } = this.options.settings();
    const lifetimes: Partial<Record<ObjectKind, number>> = { file: fileMs, batch: batchMs, message_batch: batchMs };
    const lifetime = lifetimes[kind as ObjectKind];
    this.options.store.putObject({
      id: textOf(id),
      kind: kind as ObjectKind,
      ...asker,
      provider: textOf(provider),
      provider_key: textOf(key),
      created_at: now,
      expires_at: lifetime === undefined ? null : now + lifetime,
      bytes: typeof bytes === "number" ? bytes : 0,
      body: JSON.stringify(body ?? {}),
    });
    return null;
  }

  private listFiles(owner: string, query: JsonObject): JsonObject {
    const { limit, after } = pageOf(query, 10_000, 10_000);
    const found = this.options.store.objects(owner, "file", limit + 1, after);
    const page = found.slice(0, limit).map(bodyOf);
    const data = page.filter(({ purpose }) => query["purpose"] === undefined || purpose === query["purpose"]);
    const ids = page.map((each) => each["id"] ?? null);
    return {
      object: "list",
      data,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
      has_more: found.length > limit,
    };
  }

  /** A background response that waits is not begun any more; one that runs cannot be called back. */
  private cancelResponse({ owner, caller }: Asker, id: Json | undefined): Json {
    const job = typeof id === "string" ? this.options.store.job(id) : null;
    const background = job === null || job.owner !== owner ? null : backgroundOf(job);
    if (job === null || background === null || job.state !== "queued") return this.responses.get({ owner, caller }, id);
    const ended = { ...job, state: "cancelled" } as const;
    const { responseMs } = this.options.settings();
    this.options.store.dropJob(job.id);
    this.options.store.keepResponse(endedResponse(ended, background, null, Date.now() + responseMs));
    return this.responses.get({ owner, caller }, id);
  }

  private ended(job: Job, answer: JobAnswer | null): void {
    const background = backgroundOf(job);
    if (background === null) return;
    const said = answer === null ? null : { status: answer.status, json: jsonOf(answer.body) };
    const { responseMs } = this.options.settings();
    this.options.store.keepResponse(endedResponse(job, background, said, Date.now() + responseMs));
    this.options.store.dropJob(job.id);
  }

  /** Everything that was answered so far stands in the store after this. */
  private settle(): void {
    const { store, settings } = this.options;
    this.options.drainJournal();
    while (drainSpool(spoolDir(settings().dir), SPOOLED, (response) => store.keepResponse(response)) === SPOOLED);
  }

  private async advance(): Promise<void> {
    if (this.isAdvancing) return;
    this.isAdvancing = true;
    const { store, settings } = this.options;
    await this.quietly(async () => {
      drainSpool(spoolDir(settings().dir), SPOOLED, (response) => store.keepResponse(response));
      this.messages.advance();
      await this.batches.advance();
    });
    this.isAdvancing = false;
  }

  private async prune(): Promise<void> {
    for (const object of this.options.store.pruneState(Date.now())) {
      if (object.kind === "file") await this.files.discard(object);
      else if (object.provider === null) this.options.store.dropJobs(object.id);
    }
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.log("warn", `what outlives requests: ${messageOf(error)}`);
    }
  }
}

function presentObject({ id, provider, provider_key: key, bytes, body }: KeptObject): JsonObject {
  const json: unknown = JSON.parse(body);
  return { id, provider, provider_key: key, bytes, body: isJsonObject(json) ? json : {} };
}

function jsonOf(bytes: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as Json;
  } catch {
    return null;
  }
}
