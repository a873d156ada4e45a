import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Asker } from "../../domain/state/ask.ts";
import { ownerOf } from "../../domain/state/owner.ts";
import type { Job, KeptResponse, StateStore } from "../../domain/state/port.ts";
import { parseRecord } from "../../domain/journal/parse-record.ts";
import { backgroundOf } from "./background.ts";

/** A conversation of more turns than this is not replayed. */
const MOST_TURNS = 1000;
/** Nor one of more bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Answers of the Responses API: those that are kept here, and where the others are. */
export class Responses {
  private readonly store: StateStore;
  /** Moves to the store what still waits for it. */
  private readonly settle: () => void;

  constructor(store: StateStore, settle: () => void) {
    this.store = store;
    this.settle = settle;
  }

  /** Where an answer is: here, or at a provider. Throws `not_found` when it is none of this caller's. */
  origin({ owner }: Asker, id: Json | undefined): JsonObject {
    this.settle();
    if (typeof id !== "string") throw unknown(id);
    if (this.find(owner, id) !== null || this.job(owner, id) !== null) return { kind: "kept" };
    const text = this.store.recordByResponse(id);
    const record = text === null ? null : parseRecord(text);
    if (record === null || record.provider === null || record.provider_key === null) throw unknown(id);
    const { virtual_key: key, team } = record;
    if (ownerOf(key === null ? null : { id: key, team }) !== owner) throw unknown(id);
    return { kind: "provider", provider: record.provider, provider_key: record.provider_key, model: record.model };
  }

  /** The answer as its client saw it; of one that is still to come, how it stands. */
  get({ owner }: Asker, id: Json | undefined): Json {
    this.settle();
    const kept = typeof id === "string" ? this.find(owner, id) : null;
    if (kept !== null) return JSON.parse(kept.response) as Json;
    const job = this.job(owner, id);
    if (job === null) throw unknown(id);
    const background = backgroundOf(job);
    return { ...background?.base, id: job.id, status: job.state === "running" ? "in_progress" : "queued" };
  }

  /** All that led to the answer, oldest first. */
  items(asker: Asker, id: Json | undefined): Json[] {
    const last = this.chain(asker, id).at(-1);
    const before = last?.previous == null ? [] : this.replay(asker, last.previous);
    const own = listOf(last?.input ?? "[]");
    return [...before, ...own].map((item, at) => withId(item, textOf(id), at));
  }

  /** What a further turn begins with: every input and output up to an answer, oldest first. */
  replay(asker: Asker, id: Json | undefined): Json[] {
    const items: Json[] = [];
    for (const { input, response } of this.chain(asker, id)) {
      const answer: unknown = JSON.parse(response);
      const output = isJsonObject(answer) && Array.isArray(answer["output"]) ? answer["output"] : [];
      items.push(...listOf(input), ...output.filter(isReadable));
    }
    return items;
  }

  /** Forgets an answer; of one that is still to come, its request too. */
  remove({ owner }: Asker, id: Json | undefined): JsonObject {
    this.settle();
    const job = this.job(owner, id);
    if (typeof id !== "string" || (this.find(owner, id) === null && job === null)) throw unknown(id);
    if (job !== null) this.store.dropJob(id);
    this.store.dropResponse(id);
    return { id, object: "response", deleted: true };
  }

  private chain({ owner }: Asker, id: Json | undefined): KeptResponse[] {
    this.settle();
    const turns: KeptResponse[] = [];
    let bytes = 0;
    for (let at = id; typeof at === "string"; at = turns.at(-1)?.previous ?? undefined) {
      const turn = this.find(owner, at);
      if (turn === null) throw unknown(at);
      turns.push(turn);
      bytes += turn.input.length + turn.response.length;
      if (turns.length > MOST_TURNS || bytes > MOST_BYTES) {
        throw new GatewayError("invalid_request", "the conversation is too long to go on from", {
          param: "previous_response_id",
        });
      }
    }
    if (turns.length === 0) throw unknown(id);
    return turns.toReversed();
  }

  private find(owner: string, id: string): KeptResponse | null {
    const kept = this.store.keptResponse(id);
    return kept !== null && kept.owner === owner && kept.expires_at > Date.now() ? kept : null;
  }

  private job(owner: string, id: Json | undefined): Job | null {
    const job = typeof id === "string" && id.startsWith("resp_") ? this.store.job(id) : null;
    return job !== null && job.owner === owner ? job : null;
  }
}

/** Reasoning that only its maker has cannot be sent again. */
function isReadable(item: Json): boolean {
  if (!isJsonObject(item) || item["type"] !== "reasoning") return true;
  return typeof item["encrypted_content"] === "string";
}

function listOf(text: string): Json[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? (list as Json[]) : [];
}

/** Ids with this mark are left out again when the item goes to a provider. */
function withId(item: Json, responseId: string, at: number): Json {
  if (!isJsonObject(item) || typeof item["id"] === "string") return item;
  return { id: `msg_tl_${responseId.replace(/[^A-Za-z0-9]/g, "")}_${at}`, ...item };
}

function unknown(id: Json | undefined): GatewayError {
  const shown = JSON.stringify(id ?? null).slice(0, 100);
  return new GatewayError("not_found", `no response ${shown} of this virtual key or its team`, {
    param: "previous_response_id",
  });
}
