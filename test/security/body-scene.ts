import { afterAll, afterEach, beforeAll, beforeEach, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { ask, goodAnswer, startBench, TEXT, type Bench } from "../faults/bench.ts";
import { startProbe, type Probe } from "./probe.ts";

export const MIB = 1024 * 1024;
/** Longest that a bad body may hold up the requests of others; generous, as machines here are noisy. */
const LONGEST_STALL_MS = 2000;
const MOST_GROWTH = 400 * MIB;

export interface Answer {
  status: number;
  code: string;
  message: string;
}

/** Sends bodies to a gateway of its own. After each test nobody else was held up, memory is bounded, the next request is served. */
export class BodyScene {
  bench!: Bench;
  /** Answers whatever is asked. */
  model = "";
  private probe!: Probe;
  private before = 0;

  constructor() {
    beforeAll(() => this.start());
    afterAll(() => this.bench.stop());
    beforeEach(async () => {
      this.before = this.rss();
      this.probe = await startProbe(`${this.bench.gateway.url}/healthz`);
    });
    afterEach(() => this.check());
  }

  async post(
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    path = "/v1/chat/completions",
  ): Promise<Answer> {
    const response = await fetch(this.bench.gateway.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: body as BodyInit,
    });
    const text = await response.text();
    const { error } = JSON.parse(text) as { error?: { code: string; message: string } };
    return { status: response.status, code: error?.code ?? "", message: error?.message ?? "" };
  }

  /** A good request with more fields. */
  chat(more: string): string {
    return `{"model":"${this.model}","messages":[{"role":"user","content":"hi"}]${more === "" ? "" : ","}${more}}`;
  }

  private async start(): Promise<void> {
    // One thread: the probe must meet the one that has the bad body.
    this.bench = await startBench({ gateway: { args: ["--threads", "1"] } });
    this.model = this.bench.model("openai-chat", goodAnswer("openai-chat", false));
  }

  private async check(): Promise<void> {
    const { longest, median, count, failed } = await this.probe.stop();
    const growth = (this.rss() - this.before) / MIB;
    console.log(
      `  probes: ${count}, median ${median.toFixed(1)} ms, longest ${longest.toFixed(0)} ms; memory ${growth.toFixed(0)} MiB`,
    );
    expect(failed).toBe(0);
    expect(longest).toBeLessThan(LONGEST_STALL_MS);
    expect(growth * MIB).toBeLessThan(MOST_GROWTH);
    expect((await ask(this.bench, "openai-chat", this.model, { stream: false })).reading.text).toBe(TEXT);
    expect(this.bench.gateway.log()).not.toContain("ERROR");
  }

  private rss(): number {
    const status = readFileSync(`/proc/${this.bench.gateway.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }
}
