import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import type { MockRequest, Step } from "../mock-upstream/server.ts";
import { KEY, SECRET, startMediaScene, type MediaScene } from "./scene.ts";

let scene: MediaScene;
beforeAll(async () => {
  scene = await startMediaScene();
});
afterAll(() => scene.stop());

function ask(path: string, body?: object): Promise<Response> {
  return fetch(`${scene.gateway.url}/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    redirect: "manual",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The calls since the last look. */
function calls(): MockRequest[] {
  return scene.mock.requests.splice(0);
}

const pathOf = ({ method, path }: MockRequest): string => `${method} ${path}`;

/** Answers in turn, the last one from then on. */
function inTurn(...answers: object[]): () => Step[] {
  let at = 0;
  return () => jsonAnswer(answers[Math.min(at++, answers.length - 1)]);
}

describe("Black Forest Labs", () => {
  const READY = { id: "b1", status: "Ready", result: { sample: "https://delivery.bfl.ai/x.jpeg", seed: 7 } };
  const polling = (): string => `${scene.mock.url}/region/v1/get_result?id=b1`;

  test("an image is asked for where its request is, until it is there", async () => {
    scene.play("flux-ready", jsonAnswer({ id: "b1", polling_url: polling() }));
    scene.play("get_result?id=b1", inTurn({ id: "b1", status: "Pending", result: null }, READY));
    const response = await ask("/images/generations", {
      model: "black-forest-labs/flux-ready",
      prompt: "A cat",
      seed: 7,
    });
    expect(await response.json()).toMatchObject({ data: [{ url: "https://delivery.bfl.ai/x.jpeg" }] });
    const made = calls();
    expect(made.map((each) => each.headers["x-key"])).toEqual([SECRET, SECRET, SECRET]);
    expect(JSON.parse(made[0]?.body ?? "")).toEqual({ prompt: "A cat", seed: 7 });
    const look = "GET /region/v1/get_result?id=b1";
    expect(made.map(pathOf)).toEqual(["POST /black-forest-labs/flux-ready", look, look]);
  });

  test("what a filter refuses is a bad request, an address elsewhere is not followed", async () => {
    scene.play("flux-refused", jsonAnswer({ id: "b1", polling_url: polling() }));
    scene.play("get_result?id=b1", jsonAnswer({ id: "b1", status: "Request Moderated", result: null }));
    const refused = await ask("/images/generations", { model: "black-forest-labs/flux-refused", prompt: "x" });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("Request Moderated")]);
    scene.play("flux-elsewhere", jsonAnswer({ id: "b1", polling_url: "https://bfl.ai.evil.test/v1/get_result" }));
    const led = await ask("/images/generations", { model: "black-forest-labs/flux-elsewhere", prompt: "x" });
    expect([led.status, await led.text()]).toEqual([502, expect.stringContaining("none of its own")]);
    expect(calls()).toHaveLength(3);
  });
});

describe("Fal", () => {
  const queued = (status: string, more: object = {}): object => ({ request_id: "f1", status, ...more });

  test("an image is waited for in the queue", async () => {
    scene.play("fal-ai/flux/dev", jsonAnswer(queued("IN_QUEUE", { queue_position: 0 })));
    scene.play("requests/f1", jsonAnswer({ images: [{ url: "https://v3.fal.media/a.png" }], seed: 7 }));
    scene.play("requests/f1/status", inTurn(queued("IN_PROGRESS"), queued("COMPLETED")));
    const response = await ask("/images/generations", { model: "fal/fal-ai/flux/dev", prompt: "A cat" });
    expect(await response.json()).toMatchObject({ data: [{ url: "https://v3.fal.media/a.png" }] });
    const made = calls();
    expect(made[0]?.headers["authorization"]).toBe(`Key ${SECRET}`);
    const request = "/fal/fal-ai/flux/requests/f1";
    expect(made.map(pathOf)).toEqual([
      "POST /fal/fal-ai/flux/dev",
      `GET ${request}/status`,
      `GET ${request}/status`,
      `GET ${request}`,
    ]);
  });

  test("what the model refuses is told in its words", async () => {
    const detail = [{ loc: ["body", "prompt"], msg: "field required", type: "value_error.missing" }];
    scene.play("fal-ai/refusing", jsonAnswer({ detail }, 422));
    const response = await ask("/images/generations", { model: "fal/fal-ai/refusing", prompt: "x" });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("field required")]);
    calls();
  });

  test("a video is a job of the queue", async () => {
    scene.play("fal-ai/veo3/fast", jsonAnswer(queued("IN_QUEUE")));
    scene.play("fal-ai/veo3/requests/f1", jsonAnswer({ video: { url: "https://v3.fal.media/x.mp4" } }));
    scene.play("fal-ai/veo3/requests/f1/status", jsonAnswer(queued("COMPLETED")));
    const begun = await ask("/videos", { model: "fal/fal-ai/veo3/fast", prompt: "A cat", seconds: "8" });
    const { id, status } = (await begun.json()) as { id: string; status: string };
    expect(status).toBe("queued");
    expect(await (await ask(`/videos/${id}`)).json()).toMatchObject({ id, status: "completed" });
    const content = await ask(`/videos/${id}/content`);
    expect([content.status, content.headers.get("location")]).toEqual([302, "https://v3.fal.media/x.mp4"]);
    const made = calls();
    expect(JSON.parse(made[0]?.body ?? "")).toEqual({ prompt: "A cat", duration: "8s" });
    expect(made).toHaveLength(3);
  });
});
