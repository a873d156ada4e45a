import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import type { RequestRecord } from "../../src/canonical/record.ts";

export interface GatewayOptions {
  config?: unknown;
  env?: Record<string, string>;
  args?: string[];
  /** Folder of an earlier gateway, to start again where it stood. */
  dir?: string;
  /** The program, where it is not the usual one. */
  entry?: string;
}

/** A gateway process of its own, in a folder of its own. */
export interface Gateway {
  url: string;
  dir: string;
  pid: number;
  adminToken: string;
  /** What it has printed to standard error. */
  log(): string;
  /** Records in the store, once as many are there as asked for (waits up to 10 s). */
  records(atLeast?: number): Promise<RequestRecord[]>;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<number | null>;
  /** Ends it and deletes its folder. */
  stop(): Promise<void>;
}

const ROOT = new URL("../../", import.meta.url).pathname;
const ADMIN_TOKEN = "sk-tl-admin-for-tests";

/** Starts a gateway and waits until it serves. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "trunkline-gateway-"));
  const config = join(dir, "trunkline.yaml");
  if (options.config !== undefined) writeFileSync(config, JSON.stringify(options.config));
  const args = options.config === undefined && options.dir === undefined ? [] : ["--config", config];
  const child = Bun.spawn(
    [
      process.execPath,
      options.entry ?? join(ROOT, "src/compose/main.ts"),
      "start",
      "--port",
      "0",
      "--threads",
      "2",
      ...args,
      ...(options.args ?? []),
    ],
    {
      cwd: dir,
      env: { PATH: process.env["PATH"] ?? "", TRUNKLINE_ADMIN_TOKEN: ADMIN_TOKEN, ...options.env },
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const output = { text: "" };
  void gather(child.stdout, output);
  void gather(child.stderr, output);
  const url = await listening(child, output);
  return {
    url,
    dir,
    pid: child.pid,
    adminToken: ADMIN_TOKEN,
    log: () => output.text,
    records: (atLeast = 1) => readRecords(dir, atLeast),
    kill: (signal) => child.kill(signal),
    exited: child.exited,
    stop: async () => {
      child.kill("SIGKILL");
      await child.exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function gather(stream: ReadableStream<Uint8Array>, into: { text: string }): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.text += decoder.decode(chunk, { stream: true });
}

async function listening(
  child: { exited: Promise<number>; exitCode: number | null },
  output: { text: string },
): Promise<string> {
  for (let round = 0; round < 600; round += 1) {
    const found = /listening on (http:\/\/\S+)/.exec(output.text)?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null) break;
    await Bun.sleep(25);
  }
  throw new Error(`the gateway did not start:\n${output.text}`);
}

async function readRecords(dir: string, atLeast: number): Promise<RequestRecord[]> {
  let records: RequestRecord[] = [];
  for (let round = 0; round < 400; round += 1) {
    records = query(join(dir, "data", "trunkline.db"));
    if (records.length >= atLeast) break;
    await Bun.sleep(25);
  }
  return records;
}

function query(path: string): RequestRecord[] {
  const database = new Database(path, { readonly: true });
  try {
    const rows = database.query<{ record: string }, []>("SELECT record FROM request_logs ORDER BY time, rowid").all();
    return rows.map(({ record }) => JSON.parse(record) as RequestRecord);
  } finally {
    database.close();
  }
}
