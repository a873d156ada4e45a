import { expect, test } from "bun:test";
import type { Job } from "../../domain/state/port.ts";
import { sendJob } from "./send-job.ts";

test("lines of batches come with low priority, other jobs with the one that their caller stated", async () => {
  const seen: (string | null)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ headers }) => {
      seen.push(headers.get("x-trunkline-priority"));
      return Response.json({});
    },
  });
  const sender = { host: "127.0.0.1", port: server.port ?? 0, secret: "secret" };
  const headers = JSON.stringify({ headers: { "x-trunkline-priority": "high" } });
  const job = { path: "/v1/x", content_type: "application/json", caller: "", request: Buffer.from("{}") };
  for (const each of [
    { ...job, headers, batch: "batch_1" },
    { ...job, headers, batch: null },
    { ...job, headers: "{}", batch: null },
  ])
    await sendJob(each as unknown as Job, sender);
  await server.stop(true);
  expect(seen).toEqual(["low", "high", null]);
});
