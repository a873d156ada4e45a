import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import type { MockRequest } from "../mock-upstream/server.ts";
import { KEY, startMediaScene, type MediaScene } from "./scene.ts";

let scene: MediaScene;
beforeAll(async () => {
  scene = await startMediaScene();
});
afterAll(() => scene.stop());
beforeEach(() => (scene.mock.requests.length = 0));

const PNG = Buffer.from("png");
const INLINE = `data:image/png;base64,${PNG.toString("base64")}`;

function generate(model: string, more: object = {}): Promise<Response> {
  return fetch(`${scene.gateway.url}/v1/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model, prompt: "A cat", ...more }),
  });
}

function edit(model: string, count = 1): Promise<Response> {
  const body = new FormData();
  body.append("model", model);
  body.append("prompt", "A hat");
  for (let at = 0; at < count; at += 1) body.append("image[]", new File([PNG], "cat.png", { type: "image/png" }));
  return fetch(`${scene.gateway.url}/v1/images/edits`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}` },
    body,
  });
}

function sent(): { path: string; body: unknown } {
  const posts = scene.mock.requests.filter(({ method }) => method === "POST");
  expect(posts).toHaveLength(1);
  const { path, body } = posts[0] as MockRequest;
  return { path, body: JSON.parse(body) };
}

const warningsOf = (response: Response): string => response.headers.get("x-trunkline-warnings") ?? "";
const ANSWER = { created: 5, data: [{ b64_json: "aW1hZ2U=" }] };

describe("xAI", () => {
  test("takes aspect ratios", async () => {
    scene.play("grok-imagine", jsonAnswer(ANSWER));
    const options = { size: "1280x720", n: 2, style: "vivid", response_format: "b64_json" };
    const response = await generate("xai/grok-imagine-image", options);
    expect(await response.json()).toEqual(ANSWER);
    expect(sent()).toEqual({
      path: "/xai/images/generations",
      body: {
        model: "grok-imagine-image",
        prompt: "A cat",
        n: 2,
        response_format: "b64_json",
        aspect_ratio: "16:9",
      },
    });
    expect(warningsOf(response)).toContain("size");
    expect(warningsOf(response)).toContain("style");
  });

  test.each([1, 2])("takes %d images to edit as objects", async (count) => {
    scene.play("grok-imagine", jsonAnswer(ANSWER));
    expect(await (await edit("xai/grok-imagine-image", count)).json()).toMatchObject({ data: ANSWER.data });
    const object = { url: INLINE, type: "image_url" };
    expect(sent()).toEqual({
      path: "/xai/images/edits",
      body: {
        model: "grok-imagine-image",
        prompt: "A hat",
        ...(count === 1 ? { image: object } : { images: [object, object] }),
      },
    });
  });
});

describe("Together", () => {
  test("takes width and height, and calls base64 otherwise", async () => {
    scene.play("FLUX.1-schnell", jsonAnswer(ANSWER));
    const options = { size: "1024x768", response_format: "b64_json", steps: 4 };
    const response = await generate("together/black-forest-labs/FLUX.1-schnell", options);
    expect(await response.json()).toEqual(ANSWER);
    expect(sent()).toEqual({
      path: "/together/images/generations",
      body: {
        model: "black-forest-labs/FLUX.1-schnell",
        prompt: "A cat",
        response_format: "base64",
        steps: 4,
        width: 1024,
        height: 768,
      },
    });
    expect(warningsOf(response)).toBe("");
  });

  test("takes one image to edit", async () => {
    scene.play("FLUX.1-kontext", jsonAnswer(ANSWER));
    const response = await edit("together/black-forest-labs/FLUX.1-kontext-pro", 2);
    expect(await response.json()).toMatchObject({ data: ANSWER.data });
    expect(sent()).toEqual({
      path: "/together/images/generations",
      body: { model: "black-forest-labs/FLUX.1-kontext-pro", prompt: "A hat", image_url: INLINE },
    });
    expect(warningsOf(response)).toContain("image[1]");
  });
});

test("SiliconFlow names sizes and numbers otherwise, and answers with `images`", async () => {
  scene.play("Kolors", jsonAnswer({ images: [{ url: "https://x/y.png" }], timings: { inference: 1 }, seed: 7 }));
  const response = await generate("siliconflow/Kwai-Kolors/Kolors", { size: "1024x1024", n: 2, guidance_scale: 7.5 });
  expect(await response.json()).toMatchObject({ data: [{ url: "https://x/y.png" }] });
  expect(sent()).toEqual({
    path: "/siliconflow/images/generations",
    body: {
      model: "Kwai-Kolors/Kolors",
      prompt: "A cat",
      guidance_scale: 7.5,
      image_size: "1024x1024",
      batch_size: 2,
    },
  });
  scene.mock.requests.length = 0;
  expect((await edit("siliconflow/Kwai-Kolors/Kolors")).status).toBe(200);
  expect(sent().body).toEqual({ model: "Kwai-Kolors/Kolors", prompt: "A hat", image: INLINE });
});

test("DeepInfra is as OpenAI", async () => {
  scene.play("FLUX-2-pro", jsonAnswer(ANSWER));
  const response = await generate("deepinfra/black-forest-labs/FLUX-2-pro", { size: "1024x1024" });
  expect(await response.json()).toEqual(ANSWER);
  expect(sent()).toMatchObject({ path: "/deepinfra/images/generations", body: { size: "1024x1024" } });
});
