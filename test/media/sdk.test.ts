import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI, { NotFoundError, toFile } from "openai";
import { chunk, jsonAnswer, LAST_CHUNK, streamAnswer, textAnswer } from "../mock-upstream/answers.ts";
import type { Step } from "../mock-upstream/server.ts";
import { KEY, OTHER_KEY, SECRET, startMediaScene, type MediaScene } from "./scene.ts";

let scene: MediaScene;
let client: OpenAI;
let other: OpenAI;
beforeAll(async () => {
  scene = await startMediaScene();
  client = new OpenAI({ apiKey: KEY, baseURL: `${scene.gateway.url}/v1`, maxRetries: 0 });
  other = new OpenAI({ apiKey: OTHER_KEY, baseURL: `${scene.gateway.url}/openai/v1`, maxRetries: 0 });
});
afterAll(() => scene.stop());

const AUDIO = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));

/** Audio in chunks. */
function audioSteps(type = "audio/mpeg"): Step[] {
  const head = { write: `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n` };
  return [head, chunk(AUDIO.subarray(0, 1000)), { wait: 5 }, chunk(AUDIO.subarray(1000)), LAST_CHUNK];
}

const wav = (): Promise<File> => toFile(Buffer.from("RIFFxxxxWAVE"), "said.wav", { type: "audio/wav" });

async function lastRecord(): Promise<Record<string, unknown>> {
  const all = await scene.gateway.records(requests);
  expect(all).toHaveLength(requests);
  return { ...all.at(-1) };
}

/** Requests made so far: each has one record. */
let requests = 0;
function count<T>(call: T): T {
  requests += 1;
  return call;
}

/** What a call that must fail fails with. */
async function refusal(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await count(call);
  } catch (error) {
    return error;
  }
}

describe("images", () => {
  test("an answer is relayed byte for byte, with its usage on the record", async () => {
    const body = {
      created: 1,
      data: [{ b64_json: "aW1n" }],
      usage: { input_tokens: 10, output_tokens: 4000, total_tokens: 4010, input_tokens_details: { text_tokens: 10 } },
    };
    scene.play("img-1", jsonAnswer(body));
    const image = await count(client.images.generate({ model: "openai/img-1", prompt: "a cat", size: "1024x1024" }));
    expect(image as unknown).toEqual(body);
    expect(scene.mock.requests.at(-1)?.json).toEqual({ model: "img-1", prompt: "a cat", size: "1024x1024" });
    expect(await lastRecord()).toMatchObject({
      operation: "image",
      outcome: "success",
      input_tokens: 10,
      output_tokens: 4000,
      cost_nano_usd: 10 * 1000 + 4000 * 10_000,
    });
  });

  test("partial images stream event by event, with the usage of the last", async () => {
    const event = (type: string, more: object): string =>
      `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: "aW1n", ...more })}\n\n`;
    const usage = { input_tokens: 5, output_tokens: 100, total_tokens: 105 };
    scene.play(
      "img-2",
      streamAnswer([
        event("image_generation.partial_image", { partial_image_index: 0 }),
        event("image_generation.completed", { usage }),
      ]),
    );
    const stream = await count(
      client.images.generate({ model: "openai/img-2", prompt: "a dog", stream: true, partial_images: 1 }),
    );
    const types: string[] = [];
    for await (const each of stream) types.push(each.type);
    expect(types).toEqual(["image_generation.partial_image", "image_generation.completed"]);
    expect(await lastRecord()).toMatchObject({ stream: true, outcome: "success", input_tokens: 5, output_tokens: 100 });
  });

  test("an edit goes on as a form with its files", async () => {
    scene.play("img-3", jsonAnswer({ created: 1, data: [{ url: "https://x/y.png" }] }));
    const png = await toFile(Buffer.from([137, 80, 78, 71]), "cat.png", { type: "image/png" });
    const edited = await count(client.images.edit({ model: "openai/img-3", prompt: "hat", image: [png, png] }));
    expect(edited.data?.[0]?.url).toBe("https://x/y.png");
    const sent = scene.mock.requests.at(-1);
    expect(sent?.headers["content-type"]).toStartWith("multipart/form-data; boundary=");
    expect(sent?.body.match(/name="image\[\]"; filename="cat.png"/g)).toHaveLength(2);
    expect(sent?.body).toContain('name="model"\r\n\r\nimg-3\r\n');
    expect(await lastRecord()).toMatchObject({ operation: "image_edit", requested_model: "openai/img-3" });
  });

  test("Gemini makes images for the same client, and a stream is the whole answer's events", async () => {
    const part = { inlineData: { mimeType: "image/png", data: "aW1n" } };
    scene.play(
      "gemini-img",
      jsonAnswer({
        candidates: [{ content: { parts: [{ text: "Here" }, part] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 1290, totalTokenCount: 1297 },
      }),
    );
    const ask = { model: "gemini/gemini-img", prompt: "a cat", size: "1536x1024" } as const;
    const image = await count(client.images.generate(ask));
    expect(image.data).toEqual([{ b64_json: "aW1n" }]);
    expect(scene.mock.requests.at(-1)?.path).toBe("/gemini/models/gemini-img:generateContent");
    const stream = await count(client.images.generate({ ...ask, stream: true }));
    const events: { type: string; b64_json: string }[] = [];
    for await (const event of stream) events.push(event);
    expect(events).toMatchObject([{ type: "image_generation.completed", b64_json: "aW1n" }]);
    expect(await lastRecord()).toMatchObject({ stream: true, outcome: "success", output_tokens: 1290 });
  });
});

describe("speech", () => {
  test("audio passes as it comes, byte for byte", async () => {
    scene.play("tts-1", audioSteps());
    const answer = await count(client.audio.speech.create({ model: "openai/tts-1", voice: "alloy", input: "Hello" }));
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(answer.headers.get("x-trunkline-provider")).toBe("openai");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(AUDIO);
    expect(await lastRecord()).toMatchObject({ operation: "speech", outcome: "success", status: 200 });
  });

  test("ElevenLabs and Deepgram speak to the same client as they go", async () => {
    scene.play("/elevenlabs/text-to-speech/voice-1/stream", audioSteps());
    const ask = { model: "elevenlabs/eleven_v3", voice: "voice-1", input: "Hello", response_format: "opus" } as const;
    const spoken = await count(client.audio.speech.create(ask));
    expect(Buffer.from(await spoken.arrayBuffer())).toEqual(AUDIO);
    const sent = scene.mock.requests.at(-1);
    expect(sent?.path).toEndWith("?output_format=opus_48000_128");
    expect(sent?.headers["xi-api-key"]).toBe(SECRET);
    expect(sent?.json).toEqual({ text: "Hello", model_id: "eleven_v3" });
    scene.play("/deepgram/speak", audioSteps("audio/wav"));
    const other = { model: "deepgram/aura-2-thalia-en", voice: "x", input: "Hello", response_format: "wav" } as const;
    const said = await count(client.audio.speech.create(other));
    expect(said.headers.get("content-type")).toBe("audio/wav");
    expect(Buffer.from(await said.arrayBuffer())).toEqual(AUDIO);
    expect(scene.mock.requests.at(-1)?.headers["authorization"]).toBe(`Token ${SECRET}`);
  });

  test("Gemini's samples come as a WAV file", async () => {
    const inlineData = {
      mimeType: "audio/L16;codec=pcm;rate=24000",
      data: Buffer.from([1, 2, 3, 4]).toString("base64"),
    };
    scene.play("gemini-tts", jsonAnswer({ candidates: [{ content: { parts: [{ inlineData }] } }] }));
    const ask = { model: "gemini/gemini-tts", voice: "Puck", input: "Hello", response_format: "wav" } as const;
    const bytes = Buffer.from(await (await count(client.audio.speech.create(ask))).arrayBuffer());
    expect(bytes.toString("latin1", 0, 4)).toBe("RIFF");
    expect([...bytes.subarray(44)]).toEqual([1, 2, 3, 4]);
  });

  test("events are relayed, or made of the whole audio", async () => {
    const done = { type: "speech.audio.done", usage: { input_tokens: 3, output_tokens: 30, total_tokens: 33 } };
    const delta = { type: "speech.audio.delta", audio: "AAAA" };
    const events = [delta, done].map((each) => `data: ${JSON.stringify(each)}\n\n`);
    scene.play("tts-sse", streamAnswer(events));
    const ask = { voice: "alloy", input: "Hello", stream_format: "sse" } as const;
    const relayed = await count(client.audio.speech.create({ ...ask, model: "openai/tts-sse" }));
    expect(await relayed.text()).toBe(events.join(""));
    expect(await lastRecord()).toMatchObject({ stream: true, input_tokens: 3, output_tokens: 30 });
    scene.play("tts-whole", audioSteps());
    const made = await count(client.audio.speech.create({ ...ask, model: "openai/tts-whole" }));
    expect(made.headers.get("content-type")).toBe("text/event-stream");
    expect(await made.text()).toContain(`"audio":"${AUDIO.toString("base64")}"`);
    const translated = await count(client.audio.speech.create({ ...ask, model: "deepgram/aura", voice: "x" }));
    expect(await translated.text()).toContain('"type":"speech.audio.done"');
  });

  test("a rule sees the operation and its parameters", async () => {
    scene.play("ruled", audioSteps("audio/wav"));
    const ask = { model: "by-rule", voice: "alloy", input: "Hello", response_format: "wav" } as const;
    expect((await count(client.audio.speech.create(ask))).headers.get("x-trunkline-model")).toBe("ruled");
  });
});

describe("transcriptions", () => {
  test("JSON, text and subtitles are relayed", async () => {
    scene.play("stt-1", jsonAnswer({ text: "hi", usage: { type: "duration", seconds: 3 } }));
    const json = await count(client.audio.transcriptions.create({ model: "openai/stt-1", file: await wav() }));
    expect(json).toEqual({ text: "hi", usage: { type: "duration", seconds: 3 } });
    scene.play("stt-2", textAnswer("1\n00:00:00,000 --> 00:00:01,000\nhi\n", "text/plain"));
    const ask = { model: "openai/stt-2", response_format: "srt", file: await wav() } as const;
    const text: unknown = await count(client.audio.transcriptions.create(ask));
    expect(text).toBe("1\n00:00:00,000 --> 00:00:01,000\nhi\n");
  });

  test("a stream is relayed, with the usage of its end", async () => {
    const usage = { type: "tokens", input_tokens: 14, output_tokens: 2, total_tokens: 16 };
    const events = [
      { type: "transcript.text.delta", delta: "hi" },
      { type: "transcript.text.done", text: "hi", usage },
    ];
    scene.play("stt-3", streamAnswer(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)));
    const ask = { model: "openai/stt-3", stream: true, file: await wav() } as const;
    const seen: unknown[] = [];
    for await (const event of await count(client.audio.transcriptions.create(ask))) seen.push(event);
    expect(seen).toEqual(events);
    expect(await lastRecord()).toMatchObject({ operation: "transcription", input_tokens: 14, output_tokens: 2 });
  });

  test("Deepgram's words come as subtitles", async () => {
    const words = [{ word: "hi", punctuated_word: "Hi.", start: 0.5, end: 1 }];
    scene.play(
      "/deepgram/listen",
      jsonAnswer({
        metadata: { duration: 2.5 },
        results: { channels: [{ alternatives: [{ transcript: "Hi.", words }], detected_language: "en" }] },
      }),
    );
    const ask = { model: "deepgram/nova-3", response_format: "vtt", file: await wav() } as const;
    const vtt: unknown = await count(client.audio.transcriptions.create(ask));
    expect(vtt).toBe("WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nHi.\n");
    expect(scene.mock.requests.at(-1)).toMatchObject({
      body: "RIFFxxxxWAVE",
      headers: { "content-type": "audio/wav" },
    });
  });

  test("AssemblyAI's job is uploaded, begun and waited for", async () => {
    let looks = 0;
    scene.play("/assemblyai/v2/upload", jsonAnswer({ upload_url: "https://cdn/x" }));
    scene.play("/assemblyai/v2/transcript", (request) => {
      looks += 1;
      if (request.method === "POST")
        return jsonAnswer({ id: "t1", status: "completed", text: "hi", audio_duration: 2 });
      return jsonAnswer({}, 500);
    });
    const ask = { model: "assemblyai/universal-2", file: await wav() } as const;
    const { text } = await count(client.audio.transcriptions.create(ask));
    expect({ text, looks }).toEqual({ text: "hi", looks: 1 });
    expect(scene.mock.requests.at(-1)?.json).toMatchObject({
      audio_url: "https://cdn/x",
      speech_models: ["universal-2"],
    });
  });
});

describe("what is billed by the piece", () => {
  test("speech by the character", async () => {
    scene.play("aura-paid", audioSteps());
    const ask = { model: "deepgram/aura-paid", voice: "x", input: "Hello" } as const;
    await (await count(client.audio.speech.create(ask))).arrayBuffer();
    expect(await lastRecord()).toMatchObject({ operation: "speech", cost_nano_usd: 5 * 1_000_000 });
  });

  test("documents by the page, relayed as they are", async () => {
    const answer = { pages: [{ index: 0, markdown: "# Hi" }], model: "o", usage_info: { pages_processed: 3 }, new: 1 };
    scene.play("/mistral/ocr", jsonAnswer(answer));
    const document = { type: "document_url", document_url: "https://x/y.pdf" };
    const read = count(client.post("/ocr", { body: { model: "mistral/ocr-paid", document, table_format: "html" } }));
    expect(await read).toEqual(answer);
    expect(scene.mock.requests.at(-1)?.json).toEqual({ model: "ocr-paid", document, table_format: "html" });
    expect(await lastRecord()).toMatchObject({ operation: "ocr", cost_nano_usd: 3 * 2_000_000 });
  });

  test("fields that a host refuses leave the form, with a warning", async () => {
    scene.play(
      "voxtral",
      jsonAnswer({ text: "hi", usage: { prompt_audio_seconds: 3, prompt_tokens: 4, completion_tokens: 6 } }),
    );
    const ask = { model: "mistral/voxtral", response_format: "json", prompt: "x", file: await wav() } as const;
    const { data, response } = await count(client.audio.transcriptions.create(ask).withResponse());
    expect(data.text).toBe("hi");
    expect(response.headers.get("x-trunkline-warnings")).toContain("unsupported_field response_format");
    const body = scene.mock.requests.at(-1)?.body ?? "";
    expect(body).toContain('name="file"; filename="said.wav"');
    expect(body).not.toMatch(/name="(?:response_format|prompt)"/);
  });
});

describe("videos", () => {
  const job = { object: "video", status: "queued", progress: 0, created_at: 5, seconds: "8", size: "720x1280" };

  test("a job's id leads back to it, for the key that began it alone", async () => {
    scene.play("sora", jsonAnswer({ ...job, id: "vid_1", model: "sora" }));
    const video = await count(client.videos.create({ model: "openai/sora", prompt: "a cat", seconds: "8" }));
    expect(video.id).toStartWith("video_");
    expect(video).toMatchObject({ ...job, model: "sora" });
    scene.play("/openai/videos/vid_1", jsonAnswer({ ...job, id: "vid_1", status: "completed", progress: 100 }));
    expect(await count(client.videos.retrieve(video.id))).toMatchObject({ status: "completed", progress: 100 });
    expect(scene.mock.requests.at(-1)).toMatchObject({ method: "GET", path: "/openai/videos/vid_1" });
    expect(await lastRecord()).toMatchObject({ operation: "video_status", outcome: "success", cost_nano_usd: 0 });
    expect(await refusal(other.videos.retrieve(video.id))).toBeInstanceOf(NotFoundError);
    expect(await refusal(client.videos.retrieve(`${video.id.slice(0, -4)}AAAA`))).toBeInstanceOf(NotFoundError);
    expect(await refusal(client.videos.retrieve("video_x"))).toBeInstanceOf(NotFoundError);
    scene.play("/openai/videos/vid_1/content", audioSteps("video/mp4"));
    const content = await count(client.videos.downloadContent(video.id, { variant: "video" }));
    expect(content.headers.get("content-type")).toBe("video/mp4");
    expect(Buffer.from(await content.arrayBuffer())).toEqual(AUDIO);
    expect(scene.mock.requests.at(-1)?.path).toBe("/openai/videos/vid_1/content?variant=video");
    scene.play("/openai/videos/vid_1/remix", jsonAnswer({ ...job, id: "vid_2", remixed_from_video_id: "vid_1" }));
    const remix = await count(client.videos.remix(video.id, { prompt: "two cats" }));
    expect(remix.id).not.toBe(video.id);
    scene.play("/openai/videos/vid_1", jsonAnswer({ id: "vid_1", deleted: true, object: "video.deleted" }));
    const deleted = await count(client.videos.delete(video.id));
    expect(deleted).toEqual({ id: video.id, deleted: true, object: "video.deleted" });
  });

  test("Veo's operations and files", async () => {
    const name = "models/veo-3/operations/op1";
    scene.play(":predictLongRunning", jsonAnswer({ name }));
    const video = await count(client.videos.create({ model: "gemini/veo-3", prompt: "a cat", size: "1280x720" }));
    expect(scene.mock.requests.at(-1)?.json).toMatchObject({
      instances: [{ prompt: "a cat" }],
      parameters: { aspectRatio: "16:9", resolution: "720p" },
    });
    const uri = "https://generativelanguage.googleapis.com/v1beta/files/f1:download?alt=media";
    const response = { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } };
    scene.play(`/gemini/${name}`, jsonAnswer({ name, done: true, response }));
    const { id, created_at } = video;
    expect(await count(client.videos.retrieve(id))).toMatchObject({
      id,
      created_at,
      status: "completed",
      progress: 100,
    });
    scene.play("/gemini/files/f1:download?alt=media", audioSteps("video/mp4"));
    const content = await count(client.videos.downloadContent(video.id));
    expect(Buffer.from(await content.arrayBuffer())).toEqual(AUDIO);
  });
});

test("every request has one record", async () => {
  const records = await scene.gateway.records(requests);
  expect(records).toHaveLength(requests);
  expect(records.filter(({ outcome }) => outcome !== "success" && outcome !== "not_found")).toEqual([]);
});
