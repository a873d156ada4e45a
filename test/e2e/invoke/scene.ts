import { expect } from "bun:test";
import { join } from "node:path";
import type { RequestRecord } from "../../../src/canonical/record.ts";
import { recordOf } from "../../faults/bench.ts";
import { startGateway, type Gateway } from "../../gateway/start.ts";
import { chunk, LAST_CHUNK } from "../../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../../mock-upstream/server.ts";
import type { Loose } from "../reading/loose.ts";
import { chunkOf } from "./events.ts";

export const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n";

/** A stream of InvokeModel with these events in its chunks. */
export function streamed(events: readonly object[], more: Step[] = [LAST_CHUNK]): Step[] {
  return [{ write: STREAM_HEAD }, ...events.map((event) => chunk(chunkOf(event))), ...more];
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  json(): Loose;
}

interface Sent {
  path: string;
  headers: Record<string, string>;
  body: string;
  json: Loose;
}

/** A gateway with a provider whose models take InvokeModel's bodies, Bedrock's own, and two others. */
export interface Scene {
  gateway: Gateway;
  mock: MockUpstream;
  /** What the next calls are answered with; set by each test. */
  steps: Step[];
  /** Posts a body; the upstream's only call beside the lists of models is in `mock.requests`. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  invoke(model: string, body: unknown, stream?: boolean, headers?: Record<string, string>): Promise<Answer>;
  /** The one call that a provider got. */
  sent(): Sent;
  record(answer: Answer): Promise<RequestRecord>;
  stop(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  const scene: Pick<Scene, "steps"> = { steps: [] };
  const mock = await startMockUpstream(() => scene.steps);
  const gateway = await startGateway({
    entry: join(import.meta.dir, "../../gateway/invoke-main.ts"),
    config: configFor(mock.url),
  });
  const post: Scene["post"] = (path, body, headers) => postTo(gateway.url + path, body, headers);
  return Object.assign(scene, {
    gateway,
    mock,
    post,
    invoke(model: string, body: unknown, stream = false, headers: Record<string, string> = {}) {
      const action = stream ? "invoke-with-response-stream" : "invoke";
      return post(`/bedrock/model/${encodeURIComponent(model)}/${action}`, body, headers);
    },
    sent() {
      const found = mock.requests.filter(({ method }) => method === "POST");
      expect(found).toHaveLength(1);
      return found[0] as Sent;
    },
    record: ({ headers }: Answer) => recordOf(gateway, headers.get("x-trunkline-request-id") ?? ""),
    async stop() {
      await gateway.stop();
      await mock.stop();
    },
  });
}

function configFor(url: string): object {
  const keys = [{ name: "main", value: "provider-key" }];
  const network = { max_retries: 0 };
  return {
    providers: {
      invoker: { base_url: url, keys, network },
      bedrock: { base_url: url, settings: { region: "us-east-1" }, keys, network },
      vendor: { dialect: "anthropic-messages", base_url: url, keys, network },
      openai: { base_url: url, keys, network },
    },
    access: { require_virtual_key: false },
  };
}

async function postTo(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, json: () => JSON.parse(bytes.toString()) };
}
