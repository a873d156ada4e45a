import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import type { LoadOrder, LoadResult } from "./load.ts";

/** The core that the measured server has for itself, and the core of load and upstream. */
const SERVER_CORE = "0";
const OTHER_CORE = "1";
const HERE = new URL(".", import.meta.url).pathname;
/** Ticks of `/proc/PID/stat` are hundredths of a second on Linux. */
const TICK_US = 10_000;

export interface Server {
  port: number;
  /** CPU time of the process (all its threads) so far, microseconds. */
  cpuUs(): number;
  /** Resident memory, bytes. */
  memory(): number;
  stop(): Promise<void>;
}

/** Starts the mock upstream on the other core. */
export async function startUpstream(port: number): Promise<Subprocess> {
  const child = Bun.spawn(["taskset", "-c", OTHER_CORE, process.execPath, join(HERE, "upstream.ts"), String(port)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  await firstLine(child.stdout, /ready/);
  return child;
}

/** Starts the gateway on its core, with everything switched on that `config` says. */
export async function startGateway(config: unknown): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  writeFileSync(join(dir, "trunkline.yaml"), JSON.stringify(config));
  const main = join(HERE, "..", "src", "compose", "main.ts");
  const child = Bun.spawn(
    ["taskset", "-c", SERVER_CORE, process.execPath, main, "start", "--port", "0", "--threads", "1"],
    {
      cwd: dir,
      env: { PATH: process.env["PATH"] ?? "", TRUNKLINE_ADMIN_TOKEN: "sk-tl-admin-bench" },
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const line = await firstLine(child.stdout, /listening on http:\/\/127\.0\.0\.1:(\d+)/);
  return serverOf(child, Number(line[1]), [child.pid]);
}

/** Starts the bare proxy on the server's core. */
export async function startBareProxy(upstream: string): Promise<Server> {
  const child = Bun.spawn(["taskset", "-c", SERVER_CORE, process.execPath, join(HERE, "bare-proxy.ts"), upstream], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const line = await firstLine(child.stdout, /ready on (\d+)/);
  return serverOf(child, Number(line[1]), [child.pid]);
}

/** Starts nginx as a reverse proxy with one worker on the server's core. */
export async function startNginx(port: number, upstream: number): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), "trunkline-nginx-"));
  writeFileSync(
    join(dir, "nginx.conf"),
    `worker_processes 1; daemon off; pid ${dir}/pid; error_log /dev/null;
     events { worker_connections 8192; }
     http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${dir}; proxy_temp_path ${dir}; client_body_buffer_size 256k;
       upstream u { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
       server { listen 127.0.0.1:${port}; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } } }`,
  );
  const child = Bun.spawn(["taskset", "-c", SERVER_CORE, "nginx", "-c", join(dir, "nginx.conf")], {
    stdout: "ignore",
    stderr: "ignore",
  });
  await Bun.sleep(500);
  return serverOf(child, port, [child.pid, ...childrenOf(child.pid)]);
}

/** Runs load from the other core. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const child = Bun.spawn(
    ["taskset", "-c", OTHER_CORE, process.execPath, join(HERE, "load.ts"), JSON.stringify(order)],
    {
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  return JSON.parse(await new Response(child.stdout).text()) as LoadResult;
}

function serverOf(child: Subprocess, port: number, pids: readonly number[]): Server {
  return {
    port,
    cpuUs: () => pids.reduce((sum, pid) => sum + ticksOf(pid) * TICK_US, 0),
    memory: () => pids.reduce((sum, pid) => sum + residentOf(pid), 0),
    stop: async () => {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/stat`, "latin1")
            .replace(/^.*\) /, "")
            .split(" ")[1] === String(pid)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function firstLine(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<RegExpExecArray> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  throw new Error(`the process ended before it was ready:\n${text}`);
}
