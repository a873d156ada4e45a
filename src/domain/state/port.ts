/** An answer of the Responses API, kept so that later turns can go on from it. */
export interface KeptResponse {
  id: string;
  owner: string;
  /** Unix milliseconds, as all times here. */
  created_at: number;
  expires_at: number;
  /** The kept answer that it goes on from; null: it begins a conversation. */
  previous: string | null;
  /** The items of its own turn: a JSON list. */
  input: string;
  /** The answer as the client saw it: JSON. */
  response: string;
}

/** What of objects callers may make. */
export type ObjectKind = "file" | "batch" | "conversation" | "message_batch";

/** Something that a caller made and asks about by its id. */
export interface KeptObject {
  id: string;
  kind: ObjectKind;
  /** See `ownerOf`. */
  owner: string;
  /** Id of the virtual key that made it; empty without one. */
  caller: string;
  /** Where it is kept; null: here. */
  provider: string | null;
  provider_key: string | null;
  created_at: number;
  expires_at: number | null;
  bytes: number;
  /** JSON in the form of its vendor, or what that is made from. */
  body: string;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "expired";

/** A request that is to be made later, on behalf of a caller. */
export interface Job {
  id: string;
  /** The batch that it is a line of; null: none. */
  batch: string | null;
  /** Place within the batch, from 0. */
  position: number;
  owner: string;
  caller: string;
  state: JobState;
  custom_id: string | null;
  path: string;
  content_type: string;
  /** JSON: further headers of the request. */
  headers: string;
  request: Uint8Array;
  status: number | null;
  answer_type: string | null;
  /** Id of the request that it became. */
  request_id: string | null;
  answer: Uint8Array | null;
  created_at: number;
  not_before: number;
  ended_at: number | null;
  expires_at: number | null;
}

/** How a job ended. */
export type JobEnd = Pick<
  Job,
  "state" | "status" | "answer_type" | "request_id" | "answer" | "ended_at" | "expires_at"
>;

/** Where a response id leads by the records: the provider has the answer. */
export interface ResponseOrigin {
  provider: string;
  provider_key: string;
  model: string;
}

/** Where what outlives a request is kept. Every call may throw while the store is away. */
export interface StateStore {
  /** Keeps an answer; one with the id of another owner's changes nothing. */
  keepResponse(response: KeptResponse): void;
  keptResponse(id: string): KeptResponse | null;
  dropResponse(id: string): void;
  /** The latest record of a request whose answer has this id, as its JSON. */
  recordByResponse(id: string): string | null;

  putObject(object: KeptObject): void;
  object(kind: ObjectKind, id: string): KeptObject | null;
  setObject(id: string, body: string): void;
  dropObject(id: string): void;
  /** Newest first, at most `limit`, after the object of an id (null: from the newest). */
  objects(owner: string, kind: ObjectKind, limit: number, after: string | null): KeptObject[];
  /** The `limit` objects right before that of an id in the same order, nearest first. */
  objectsBefore(owner: string, kind: ObjectKind, limit: number, before: string): KeptObject[];
  countObjects(owner: string, kind: ObjectKind): number;
  /** Objects of a kind whose body has this status. */
  objectsByStatus(kind: ObjectKind, statuses: readonly string[]): KeptObject[];

  /** Adds jobs in one transaction, together with the object that they belong to. */
  addJobs(jobs: readonly Job[], object: KeptObject | null): void;
  job(id: string): Job | null;
  /** The next line of any batch but those that rest; null: none is due. */
  nextLine(now: number, resting: readonly string[]): Job | null;
  /** The next job that is no line of a batch. */
  nextSingle(now: number): Job | null;
  startJob(id: string): boolean;
  /** Puts a job that was not run back. */
  requeueJob(id: string, notBefore: number): void;
  endJob(id: string, end: JobEnd): void;
  /** Ends what was running when the process ended, and is not known to have been made. Returns how many. */
  endInterrupted(end: JobEnd): number;
  /** Ends the queued jobs of a batch. */
  endQueued(batch: string, state: JobState, now: number): number;
  dropJobs(batch: string): void;
  dropJob(id: string): void;
  countPending(owner: string): number;
  /** Jobs of a batch by state. */
  countJobs(batch: string): Partial<Record<JobState, number>>;
  /** Jobs of a batch in order, from a place on, without their requests. */
  jobsOf(batch: string, from: number, limit: number): Job[];
  /** Deletes a part of what has expired; returns the objects among it. Call until none. */
  pruneState(now: number): KeptObject[];
}
