import { createGateway } from "@ai-sdk/gateway";
import {
  experimental_generateSpeech as generateSpeech,
  experimental_transcribe as transcribe,
  generateImage,
  rerank,
} from "ai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { jsonAnswer, textAnswer } from "../mock-upstream/answers.ts";
import type { MockRequest } from "../mock-upstream/server.ts";
import { KEY, startMediaScene, type MediaScene } from "../media/scene.ts";

let scene: MediaScene;
let gateway: ReturnType<typeof createGateway>;
beforeAll(async () => {
  scene = await startMediaScene();
  gateway = createGateway({ baseURL: `${scene.gateway.url}/v3/ai`, apiKey: KEY });
});
afterAll(() => scene.stop());
beforeEach(() => (scene.mock.requests.length = 0));

function sent(): MockRequest {
  const posts = scene.mock.requests.filter(({ method }) => method === "POST");
  expect(posts).toHaveLength(1);
  return posts[0] as MockRequest;
}

const PNG = Buffer.from("\x89PNG\r\n\x1a\n image", "latin1");
const BASE64 = PNG.toString("base64");

describe("images", () => {
  test("made", async () => {
    const usage = { input_tokens: 9, output_tokens: 272, total_tokens: 281 };
    scene.play("/openai/images/generations", jsonAnswer({ created: 5, data: [{ b64_json: BASE64 }], usage }));
    const { image, usage: counted } = await generateImage({
      model: gateway.imageModel("openai/gpt-image-1"),
      prompt: "A cat",
      aspectRatio: "3:2",
    });
    expect(Buffer.from(image.uint8Array)).toEqual(PNG);
    expect(counted).toMatchObject({ inputTokens: 9, outputTokens: 272 });
    expect(JSON.parse(sent().body)).toEqual({ model: "gpt-image-1", prompt: "A cat", n: 1, size: "1536x1024" });
  });

  test("made from others", async () => {
    scene.play("/openai/images/edits", jsonAnswer({ created: 5, data: [{ b64_json: BASE64 }] }));
    const { image } = await generateImage({
      model: gateway.imageModel("openai/gpt-image-1"),
      prompt: { text: "A hat", images: [PNG] },
    });
    expect(Buffer.from(image.uint8Array)).toEqual(PNG);
    expect(sent().headers["content-type"]).toStartWith("multipart/form-data");
  });

  test("an address is none", async () => {
    scene.play("fal-ai/flux", jsonAnswer({ images: [{ url: "https://v3.fal.media/a.png" }] }));
    const call = generateImage({
      model: gateway.imageModel("fal/fal-ai/flux/dev"),
      prompt: "A cat",
      maxRetries: 0,
    });
    const error = (await call.catch((caught: unknown) => caught)) as Error;
    expect(error.message).toContain("answers with an address");
    expect(JSON.parse(sent().body)).toMatchObject({ sync_mode: true });
  });
});

test("speech", async () => {
  scene.play("/openai/audio/speech", textAnswer("an mp3", "audio/mpeg"));
  const { audio } = await generateSpeech({
    model: gateway.speechModel("openai/tts-1"),
    text: "Hello there.",
    voice: "alloy",
  });
  expect(Buffer.from(audio.uint8Array).toString()).toBe("an mp3");
  expect(JSON.parse(sent().body)).toEqual({
    model: "tts-1",
    input: "Hello there.",
    voice: "alloy",
    response_format: "mp3",
  });
});

test("a transcript", async () => {
  scene.play(
    "/deepgram/",
    jsonAnswer({
      metadata: { duration: 2.5 },
      results: { channels: [{ detected_language: "en", alternatives: [{ transcript: "Hello there." }] }] },
    }),
  );
  const { text, durationInSeconds } = await transcribe({
    model: gateway.transcriptionModel("deepgram/nova-3"),
    audio: Buffer.from("ID3 an mp3 file"),
  });
  expect([text, durationInSeconds]).toEqual(["Hello there.", 2.5]);
});

test("a ranking", async () => {
  scene.play("/siliconflow/rerank", jsonAnswer({ results: [{ index: 1, relevance_score: 0.9 }] }));
  const { ranking } = await rerank({
    model: gateway.rerankingModel("siliconflow/BAAI/bge-reranker-v2-m3"),
    query: "capital of France",
    documents: ["Rome is old.", "Paris is big."],
    topN: 1,
  });
  expect(ranking).toEqual([{ originalIndex: 1, score: 0.9, document: "Paris is big." }]);
  expect(JSON.parse(sent().body)).toMatchObject({ query: "capital of France", top_n: 1 });
});
