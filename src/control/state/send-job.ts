import type { Job } from "../../domain/state/port.ts";
import type { JobAnswer } from "./runner.ts";

/** Larger answers end a job with an error. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Where and as whom jobs are sent. */
export interface Sender {
  host: string;
  port: number;
  /** What tells a data thread that the request is this process's own. */
  secret: string;
}

/** Makes the request of a job through the HTTP side of the own data threads, as its caller. */
export async function sendJob(job: Job, { host, port, secret }: Sender): Promise<JobAnswer> {
  const { headers = {} } = JSON.parse(job.headers) as { headers?: Record<string, string> };
  const response = await fetch(`http://${reachable(host)}:${port}${job.path}`, {
    method: "POST",
    headers: {
      ...headers,
      ...(job.batch !== null && { "x-trunkline-priority": "low" }),
      "content-type": job.content_type,
      "x-trunkline-internal": secret,
      "x-trunkline-caller": encodeURIComponent(job.caller),
    },
    body: job.request,
    redirect: "manual",
    decompress: false,
    timeout: false,
  } as RequestInit);
  const retry = Number(response.headers.get("retry-after") ?? Number.NaN);
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "application/octet-stream",
    requestId: response.headers.get("x-trunkline-request-id"),
    wasTried: response.headers.has("x-trunkline-attempts"),
    retryAfterMs: Number.isFinite(retry) ? retry * 1000 : null,
    body: await bounded(response),
  };
}

/** Addresses that stand for all of this machine's are reached on loopback. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::" || host === "[::]") return "[::1]";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

async function bounded(response: Response): Promise<Uint8Array> {
  const bytes = await response.bytes();
  if (bytes.byteLength > MAX_ANSWER_BYTES) throw new Error(`the answer has ${bytes.byteLength} bytes`);
  return bytes;
}
