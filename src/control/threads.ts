import type { EmbedAnswer, EmbedOrder, FromData, ThreadStart, ToData } from "./messages.ts";

/** What the pool of data threads needs from its owner. */
export interface ThreadPoolOptions {
  count: number;
  createWorker: () => Worker;
  /** Fields of a thread's start that all share. */
  start: Omit<ThreadStart, "type" | "thread" | "seat" | "port">;
  port: number;
  /** The thread of this seat has ended. */
  lost(seat: number): void;
  log(level: "info" | "warn" | "error", message: string): void;
  /** A thread has done an order. */
  embedded(answer: EmbedAnswer): void;
}

type SnapshotMessage = Extract<ToData, { type: "snapshot" }>;

interface DataThread {
  worker: Worker;
  number: number;
  /** Its own while it lives; a later thread may have it again. */
  seat: number;
  isServing: boolean;
  /** Of the snapshot that it goes by; 0 before the first. */
  version: number;
  /** Monotonic, milliseconds. */
  begun: number;
}

const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
/** Threads that end sooner than this after their start are replaced at growing intervals, even if they had served. */
const STABLE_MS = 30_000;

/** The data threads of a process: started, kept alive, told of new snapshots, drained. */
export class ThreadPool {
  /** Known once the first thread listens. */
  port: number;
  private readonly options: ThreadPoolOptions;
  private readonly threads = new Set<DataThread>();
  private nextNumber = 0;
  private restartMs = FIRST_RESTART_MS;
  private isStopping = false;
  private snapshot: SnapshotMessage | null = null;
  private awaited: { version: number; reached: () => void }[] = [];
  private models: Extract<ToData, { type: "models" }> | null = null;
  private catalog: Extract<ToData, { type: "catalog" }> | null = null;
  private vectors: Extract<ToData, { type: "vectors" }> | null = null;

  constructor(options: ThreadPoolOptions) {
    this.options = options;
    this.port = options.port;
  }

  /** Starts all threads; resolves when each of them serves. The first one settles the port. */
  async start(snapshot: SnapshotMessage): Promise<void> {
    this.snapshot = snapshot;
    await this.launch();
    const others = Array.from({ length: this.options.count - 1 }, () => this.launch());
    await Promise.all(others);
  }

  /** Posts a snapshot to every thread; resolves when each of them goes by it, or by a later one. */
  enforce(snapshot: SnapshotMessage): Promise<void> {
    this.broadcast(snapshot);
    return new Promise((reached) => {
      this.awaited.push({ version: snapshot.data.version, reached });
      this.tellReached();
    });
  }

  /** Posts a message to every thread, and keeps what later ones must know. */
  broadcast(message: ToData): void {
    if (message.type === "snapshot") this.snapshot = message;
    if (message.type === "models") this.models = message;
    if (message.type === "catalog") this.catalog = message;
    if (message.type === "vectors") this.vectors = message;
    for (const { worker } of this.threads) worker.postMessage(message);
  }

  /** Gives an order to one of the threads that serve; false when there is none. */
  order(message: EmbedOrder): boolean {
    const [thread] = [...this.threads].filter(({ isServing }) => isServing);
    thread?.worker.postMessage(message);
    return thread !== undefined;
  }

  /** Resolves when every thread has drained, at the latest a little after the deadline. */
  async drain(deadlineMs: number): Promise<void> {
    this.isStopping = true;
    const all = [...this.threads].map((thread) => drained(thread.worker));
    this.broadcast({ type: "drain", deadlineMs });
    await Promise.race([Promise.all(all), Bun.sleep(deadlineMs + 2000)]);
    for (const { worker } of this.threads) worker.terminate();
  }

  private launch(): Promise<void> {
    const worker = this.options.createWorker();
    const begun = performance.now();
    const thread: DataThread = {
      worker,
      number: this.nextNumber,
      seat: this.freeSeat(),
      isServing: false,
      version: 0,
      begun,
    };
    this.nextNumber += 1;
    this.threads.add(thread);
    return new Promise((resolve, reject) => {
      worker.addEventListener("message", (event: MessageEvent<FromData>) => this.take(thread, event.data, resolve));
      worker.addEventListener("error", (event) =>
        this.options.log("error", `data thread ${thread.number}: ${event.message}`),
      );
      worker.addEventListener("close", () => {
        if (!thread.isServing && !this.isStopping) reject(new Error(`data thread ${thread.number} did not start`));
        this.lost(thread);
      });
      worker.postMessage({
        type: "start",
        thread: thread.number,
        seat: thread.seat,
        port: this.port,
        ...this.options.start,
      } satisfies ToData);
      if (this.catalog !== null) worker.postMessage(this.catalog);
      if (this.models !== null) worker.postMessage(this.models);
      if (this.vectors !== null) worker.postMessage(this.vectors);
      if (this.snapshot !== null) worker.postMessage(this.snapshot);
    });
  }

  private freeSeat(): number {
    const taken = new Set([...this.threads].map(({ seat }) => seat));
    let seat = 0;
    while (taken.has(seat)) seat += 1;
    return seat;
  }

  private take(thread: DataThread, message: FromData, serving: () => void): void {
    if (message.type === "serving") {
      // Those of the start are told together, by the greeting.
      if (!thread.isServing && thread.number >= this.options.count)
        this.options.log("info", `data thread ${thread.number} serves`);
      thread.isServing = true;
      thread.version = message.version;
      this.tellReached();
      this.port = message.port;
      serving();
    } else if (message.type === "embedded") this.options.embedded(message);
    else if (message.type === "fault") this.options.log("error", `data thread ${thread.number}: ${message.message}`);
  }

  private tellReached(): void {
    const reached = Math.min(...[...this.threads].map(({ version }) => version));
    for (const one of this.awaited) if (one.version <= reached) one.reached();
    this.awaited = this.awaited.filter(({ version }) => version > reached);
  }

  /** A thread that ended is replaced, after a pause that grows while replacements fail. */
  private lost(thread: DataThread): void {
    this.threads.delete(thread);
    this.tellReached();
    this.options.lost(thread.seat);
    if (this.isStopping || !thread.isServing) return;
    if (performance.now() - thread.begun >= STABLE_MS) this.restartMs = FIRST_RESTART_MS;
    this.options.log("error", `data thread ${thread.number} ended; a new one starts in ${this.restartMs} ms`);
    this.relaunch();
  }

  private relaunch(): void {
    const wait = this.restartMs;
    this.restartMs = Math.min(LONGEST_RESTART_MS, wait * 2);
    setTimeout(() => {
      if (this.isStopping) return;
      this.launch().catch(() => this.relaunch());
    }, wait);
  }
}

function drained(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.addEventListener("message", (event: MessageEvent<FromData>) => {
      if (event.data.type === "drained") resolve();
    });
    worker.addEventListener("close", () => resolve());
  });
}
