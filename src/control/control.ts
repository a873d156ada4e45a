import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { ProviderManifest } from "../canonical/provider.ts";
import type { Signer, SignerName } from "../canonical/signer.ts";
import type { Config } from "../domain/config/index.ts";
import type { PresentedModel, PriceOverrides } from "../domain/catalog/index.ts";
import { StickyTable } from "../domain/balance/sticky-table.ts";
import { createFeedbackCounter } from "../domain/feedback/metrics.ts";
import { SessionMemory } from "../domain/classify/session-memory.ts";
import { createJournalGauge } from "../domain/journal/gauge.ts";
import { lockJournal, type JournalLock } from "../domain/journal/lock.ts";
import { createJournalReader, type JournalReader } from "../domain/journal/reader.ts";
import { newBoot } from "../domain/journal/writer.ts";
import { Counters } from "../domain/ledger/counters.ts";
import { createMetricsSink } from "../domain/log/metrics.ts";
import { createStdoutSink } from "../domain/log/stdout.ts";
import { Router } from "../domain/route/router.ts";
import { createRegistry, type Registry } from "../lib/metrics/registry.ts";
import { ReadyClassify } from "../pipeline/classify/ready-classify.ts";
import type { DecisionParts } from "../pipeline/simulate/parts.ts";
import type { SnapshotData } from "../pipeline/snapshot-data.ts";
import { openSqliteStore, type SqliteStore } from "../stores/sqlite/open.ts";
import { AdminTokens } from "./admin-token.ts";
import { CatalogWatch } from "./catalog-watch.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { ExperimentGuard } from "./experiment-guard.ts";
import { FeedbackDesk } from "./feedback-desk.ts";
import { HealthShare } from "./health-share.ts";
import { ExampleDesk } from "./example-desk.ts";
import { DecisionDesk } from "./decisions.ts";
import { describeJournalEvent, JournalLoop, messageOf } from "./journal-loop.ts";
import { KeySlots } from "./key-slots.ts";
import { LedgerSlots } from "./ledger-slots.ts";
import { LoadSlots } from "./load-slots.ts";
import { ModelsDesk, type Refreshed } from "./models-desk.ts";
import { ModelLists, pauseAfter, type LiveModels } from "./model-lists.ts";
import type { ProcessLog } from "./process-log.ts";
import { StateDesk } from "./state/desk.ts";
import { sendJob } from "./state/send-job.ts";
import { spoolDir, stateSettings } from "./state/settings.ts";
import { registerLiveMetrics } from "./register-metrics.ts";
import { TargetSlots } from "./target-slots.ts";
import { ThreadPool } from "./threads.ts";

/** What a process is made of; compose fills it in. */
export interface ControlOptions {
  /** Reads the configuration anew; throws when it has problems. */
  load(): Config;
  manifests: readonly ProviderManifest[];
  env: Readonly<Record<string, string | undefined>>;
  createWorker: () => Worker;
  /** Starts the provider that the process runs itself; returns its base URL. */
  startHosted(): { url: string; stop(): void };
  hostedPrices: PriceOverrides;
  /** Answers management requests; `control` is this object's read side. */
  answerAdmin(request: Request, control: ControlView): Promise<Response>;
  /** For the lists of models of providers whose calls take code to authorise. */
  signers: ReadonlyMap<SignerName, Signer>;
  hashToken(token: string): Uint8Array;
  log: ProcessLog;
}

/** What the management side may see of the control thread. */
export interface ControlView {
  store: SqliteStore;
  registry: Registry;
  tokenHashes: () => readonly Uint8Array[];
  /** All models of the configured providers. */
  models: () => PresentedModel[];
  /** Reads the configured data sheet of model facts again; null when none is configured. Rejects when it is no good. */
  refreshCatalog: () => Promise<Refreshed | null>;
  experiments: () => ReturnType<ExperimentGuard["list"]>;
  /** Keeps what an administrator says of a request. */
  giveFeedback: FeedbackDesk["fromAdmin"];
  /** The configuration in force and the live figures, for trying out decisions; null before there is one. */
  decisions: () => DecisionParts | null;
}

/** How often experiments are looked at for arms to stop. */
const GUARD_MS = 5_000;
/** Conversations of which classifications are kept, for each classifier: 1 MiB. */
const MOST_SESSIONS = 65_536;
/** As the largest body of a request. */
const MAX_STATE_BYTES = 2 ** 30;

function serveState(unix: string, desk: StateDesk): Bun.Server<undefined> {
  return Bun.serve({ unix, maxRequestBodySize: MAX_STATE_BYTES, fetch: (request) => desk.answer(request) });
}

/** The control thread: store, journal, snapshots, data threads, management. */
export class Control {
  private readonly options: ControlOptions;
  private readonly ledger: LedgerSlots;
  private readonly keys = new KeySlots();
  private readonly targets = new TargetSlots();
  private readonly load = new LoadSlots();
  /** Where sessions were served last. */
  private readonly sessions = StickyTable.createMemory();
  private readonly registry = createRegistry();
  private readonly store: SqliteStore;
  private readonly tokens: AdminTokens;
  private readonly lock: JournalLock;
  private readonly reader: JournalReader;
  private readonly loop: JournalLoop;
  private readonly health: HealthShare;
  private readonly pool: ThreadPool;
  private readonly hosted: { url: string; stop(): void };
  private readonly socketDir = mkdtempSync(join(tmpdir(), "trunkline-"));
  private readonly server: Bun.Server<undefined>;
  private readonly stateServer: Bun.Server<undefined>;
  private readonly state: StateDesk;
  private readonly feedback: FeedbackDesk;
  private readonly guard: ExperimentGuard;
  private guardTimer: Timer | null = null;
  /** Tells data threads that a request is this process's own. */
  private readonly secret = randomBytes(32).toString("base64url");
  private config: Config;
  private data: SnapshotData | null = null;
  private version = 0;
  private readonly desk = new ModelsDesk();
  private readonly catalog = new CatalogWatch({
    desk: this.desk,
    config: () => this.config.catalog,
    changed: () => this.pool.broadcast({ type: "catalog", facts: this.desk.current }),
    log: (level, message) => this.options.log(level, message),
  });
  private readonly examples = new ExampleDesk({
    store: () => this.store,
    log: (level, message) => this.options.log(level, message),
    order: (order) => this.pool.order(order),
    known: (entries) => this.pool.broadcast({ type: "vectors", entries }),
  });
  private readonly decisionDesk: DecisionDesk;
  private readonly modelLists: ModelLists;
  /** A token made at this start, to be shown once. */
  newAdminToken: string | null = null;

  /** Opens everything that can fail; throws with what is wrong. */
  constructor(options: ControlOptions) {
    this.options = options;
    this.config = options.load();
    const { journal, store, server } = this.config;
    this.lock = lockJournal(journal.dir);
    this.store = openSqliteStore(store.url.reveal());
    this.tokens = this.openTokens();
    const boot = newBoot();
    const gauge = createJournalGauge();
    this.reader = this.openReader(boot, gauge);
    registerLiveMetrics(this.registry, {
      reader: this.reader,
      targets: this.targets,
      keys: this.keys,
      load: this.load,
    });
    this.health = this.shareHealth(boot);
    this.loop = new JournalLoop(journal.dir, this.reader, this.store, options.log);
    this.ledger = new LedgerSlots(
      (segments) => new Counters(segments),
      () => this.balances(),
    );
    this.decisionDesk = this.openDecisions();
    this.modelLists = this.openModelLists();
    this.hosted = options.startHosted();
    const controlSocket = join(this.socketDir, "control.sock");
    this.server = Bun.serve({ unix: controlSocket, fetch: (request) => options.answerAdmin(request, this.view()) });
    this.feedback = this.openFeedback();
    this.guard = new ExperimentGuard({ store: this.store, log: options.log });
    this.state = this.openState(server.host);
    const stateSocket = join(this.socketDir, "state.sock");
    this.stateServer = serveState(stateSocket, this.state);
    this.pool = new ThreadPool({
      count: server.threads === "auto" ? navigator.hardwareConcurrency : server.threads,
      createWorker: options.createWorker,
      port: server.port,
      log: options.log,
      lost: (seat) => this.load.reclaim(seat),
      embedded: (answer) => this.examples.take(answer),
      start: {
        boot,
        host: server.host,
        http2: server.http2,
        journalDir: journal.dir,
        gauge: gauge.buffer,
        keyHealth: this.keys.memory,
        ...this.targets.memories,
        bells: this.load.bells,
        crowd: this.load.crowd,
        sessions: this.sessions,
        controlSocket,
        stateSocket,
        spoolDir: spoolDir(this.config.files.dir),
        secret: this.secret,
        classified: SessionMemory.createMemory(MOST_SESSIONS),
        clientSecretKey: this.store.secret("client_secrets"),
      },
    });
  }

  get port(): number {
    return this.pool.port;
  }

  /** Whether callers need a virtual key, and which providers they reach: for the greeting. */
  get snapshot(): SnapshotData | null {
    return this.data;
  }

  /** Starts serving; resolves when all data threads do. */
  async start(): Promise<void> {
    this.reader.drain();
    this.newAdminToken = this.tokens.ensure();
    this.data = this.build(this.config);
    this.load.apply(this.data.providers);
    this.health.start();
    await this.pool.start(this.message(this.data));
    this.examples.want(this.data.classify);
    this.loop.start(() => this.config.logs.retention_days);
    this.state.start();
    this.modelLists.follow(this.data.providers);
    this.guardTimer = setInterval(() => this.guardExperiments(), GUARD_MS);
    this.catalog.restart();
  }

  /** Reads the configuration again; a bad one is reported and the last good one stays. */
  reload(): void {
    try {
      const config = this.options.load();
      this.reader.drain();
      this.data = this.build(config);
      this.config = config;
      this.catalog.restart();
      void this.enforce(this.data).then((version) =>
        this.options.log("info", `configuration version ${version} is in force`),
      );
      this.examples.want(this.data.classify);
      this.modelLists.follow(this.data.providers);
    } catch (error) {
      this.options.log("error", `the configuration was not reloaded, the last good one stays: ${messageOf(error)}`);
    }
  }

  /** Ends requests within the drain timeout, then everything else. */
  async stop(): Promise<void> {
    this.modelLists.stop();
    if (this.guardTimer !== null) clearInterval(this.guardTimer);
    this.catalog.stop();
    this.state.stop();
    this.examples.stop();
    await this.pool.drain(this.config.server.drain_timeout_ms);
    await this.stateServer.stop(true);
    this.loop.stop();
    this.health.stop();
    await this.server.stop(true);
    this.hosted.stop();
    this.store.close();
    this.lock.release();
    rmSync(this.socketDir, { recursive: true, force: true });
  }

  private message(data: SnapshotData) {
    return { type: "snapshot", data, segments: this.ledger.segments, gates: this.load.segments } as const;
  }

  /** Resolves with its version when all data threads go by it. */
  private enforce(data: SnapshotData): Promise<number> {
    this.load.apply(data.providers);
    const enforced = this.pool.enforce(this.message(data));
    this.guard.applied();
    return enforced.then(() => data.version);
  }

  /** An arm that was stopped is in no thread's snapshot any more; where that fails, it is tried again the next time. */
  private guardExperiments(): void {
    try {
      if (!this.guard.check(this.config, Date.now())) return;
      this.reader.drain();
      this.data = this.build(this.config);
      void this.enforce(this.data);
    } catch (error) {
      this.options.log("warn", `stopped arms of experiments still take calls: ${messageOf(error)}`);
    }
  }

  private openReader(boot: string, gauge: ReturnType<typeof createJournalGauge>): JournalReader {
    const { journal, logs } = this.config;
    return createJournalReader({
      dir: journal.dir,
      store: this.store,
      sinks: [createMetricsSink(this.registry), createStdoutSink(logs.stdout)],
      liveBoot: boot,
      gauge,
      maxBytes: journal.max_bytes,
      whenFull: journal.when_full,
      report: (event) => this.options.log("warn", describeJournalEvent(event)),
    });
  }

  private openDecisions(): DecisionDesk {
    const { keys, targets, sessions, ledger } = this;
    const memory = {
      keys: keys.memory,
      targets: targets.memories.targetHealth,
      sessions,
      ledger: ledger.segments,
    };
    return new DecisionDesk(memory, this.desk.catalog);
  }

  private openFeedback(): FeedbackDesk {
    return new FeedbackDesk({
      store: this.store,
      drainJournal: () => this.reader.drain(),
      isStoreFailing: () => this.reader.stats().storeFailing,
      count: createFeedbackCounter(this.registry),
      wait: (milliseconds) => Bun.sleep(milliseconds),
    });
  }

  private openState(host: string): StateDesk {
    return new StateDesk({
      store: this.store,
      settings: () => stateSettings(this.config),
      drainJournal: () => this.reader.drain(),
      send: (job) => sendJob(job, { host, port: this.pool.port, secret: this.secret }),
      feedback: this.feedback,
      log: this.options.log,
    });
  }

  private build(config: Config): SnapshotData {
    const { manifests, env } = this.options;
    this.ledger.begin();
    const { ledger, keys, targets, load, guard } = this;
    const slots = { ledger, keys, targets, load, guard };
    const sources = { version: this.version + 1, config, manifests, env };
    const data = buildSnapshot({
      ...sources,
      ...slots,
      hostedUrl: this.hosted.url,
      hostedPrices: this.options.hostedPrices,
    });
    // Compiling here keeps a rule that does not compile from reaching the data threads.
    void new ReadyClassify(data.classify, new Router(data.route).classesRead());
    this.version += 1;
    return data;
  }

  private shareHealth(replica: string): HealthShare {
    const { store, targets, options } = this;
    const report = (error: unknown): void =>
      options.log("warn", `the health of targets is not shared: ${messageOf(error)}`);
    return new HealthShare({ board: store, targets, replica, report });
  }

  /** Balances without the charges that still wait in the journal would let budgets be overspent. */
  private balances() {
    if (this.reader.stats().storeFailing)
      throw new Error("the store does not take the records that wait in the journal");
    try {
      return this.store.balances();
    } catch (error) {
      throw new Error(`the balances of budgets cannot be read from the store: ${messageOf(error)}`, { cause: error });
    }
  }

  private openModelLists(): ModelLists {
    const { signers, log } = this.options;
    const changed = (live: LiveModels): void => this.pool.broadcast({ type: "models", live });
    return new ModelLists({ signers, log, changed, pause: pauseAfter });
  }

  private view(): ControlView {
    return {
      store: this.store,
      registry: this.registry,
      tokenHashes: () => this.tokens.hashes(),
      models: () => (this.data === null ? [] : this.desk.list(this.data, this.modelLists.live, Date.now())),
      refreshCatalog: () => this.catalog.refresh(),
      experiments: () => this.guard.list(this.config),
      giveFeedback: (source, statement) => this.feedback.fromAdmin(source, statement),
      decisions: () => (this.data === null ? null : this.decisionDesk.parts(this.data, this.modelLists.live)),
    };
  }

  private openTokens(): AdminTokens {
    const { options } = this;
    const stated = (): string | null =>
      options.env["TRUNKLINE_ADMIN_TOKEN"] ?? this.config.access.admin_token?.reveal() ?? null;
    return new AdminTokens({ store: this.store, stated, hash: (token) => options.hashToken(token) });
  }
}
