import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { KEY, startMediaScene, type MediaScene } from "./scene.ts";

let scene: MediaScene;
beforeAll(async () => {
  scene = await startMediaScene();
});
afterAll(() => scene.stop());

interface Refusal {
  status: number;
  code: string;
  param: string | null;
  message: string;
}

async function post(path: string, body: string | FormData, type?: string): Promise<Refusal> {
  const headers = { authorization: `Bearer ${KEY}`, ...(type !== undefined && { "content-type": type }) };
  const response = await fetch(`${scene.gateway.url}/v1${path}`, { method: "POST", headers, body });
  const { error } = (await response.json()) as { error: Omit<Refusal, "status"> };
  return { ...error, status: response.status };
}

function form(fields: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const audio = new Blob(["RIFF"], { type: "audio/wav" });

const cases: [string, string, Record<string, string | Blob> | object, string][] = [
  ["a missing file", "/audio/transcriptions", form({ model: "openai/x" }), "file"],
  ["a file that is text", "/audio/transcriptions", form({ model: "openai/x", file: "text" }), "file"],
  ["JSON in place of a form", "/audio/transcriptions", { model: "openai/x" }, "file"],
  [
    "an unknown format",
    "/audio/transcriptions",
    form({ model: "x", file: audio, response_format: "doc" }),
    "response_format",
  ],
  [
    "subtitles with speakers",
    "/audio/translations",
    form({ model: "x", file: audio, response_format: "diarized_json" }),
    "response_format",
  ],
  [
    "a number that is none",
    "/audio/transcriptions",
    form({ model: "x", file: audio, temperature: "warm" }),
    "temperature",
  ],
  ["no model", "/audio/speech", { input: "x" }, "model"],
  ["nothing to say", "/audio/speech", { model: "openai/x", input: "" }, "input"],
  ["an unknown voice form", "/audio/speech", { model: "openai/x", input: "x", voice: 5 }, "voice"],
  ["no voice where one is needed", "/audio/speech", { model: "elevenlabs/x", input: "x" }, "voice"],
  ["no prompt", "/images/generations", { model: "openai/x" }, "prompt"],
  ["no image", "/images/edits", form({ model: "openai/x", prompt: "x" }), "image"],
  ["no image to vary", "/images/variations", form({ model: "openai/x" }), "image"],
  ["a reference that is none", "/images/edits", { model: "openai/x", prompt: "x", images: [5] }, "images[0]"],
  ["no document", "/ocr", { model: "openai/x" }, "document"],
  ["no length", "/videos", { model: "openai/x", prompt: "x", seconds: "long" }, "seconds"],
];

describe("what no provider could accept is refused with the name of the field", () => {
  for (const [name, path, body, param] of cases) {
    test(name, async () => {
      const isForm = body instanceof FormData;
      const refusal = await post(path, isForm ? body : JSON.stringify(body), isForm ? undefined : "application/json");
      expect(refusal).toMatchObject({ status: 400, code: "invalid_request", param });
      expect(refusal.message).toStartWith(`${param}: must be `);
    });
  }
});

test("a provider without the operation, or that needs the file itself, says so", async () => {
  const ocr = await post(
    "/ocr",
    JSON.stringify({ model: "deepgram/x", document: { file_id: "f" } }),
    "application/json",
  );
  expect(ocr).toMatchObject({ status: 400, code: "unsupported_operation" });
  const far = form({ model: "gemini/x", url: "https://x/y.mp3" });
  expect(await post("/audio/transcriptions", far)).toMatchObject({ code: "unsupported_operation", param: "file" });
  expect(scene.mock.requests.filter(({ method }) => method === "POST")).toEqual([]);
});

test("what one provider cannot do the next one may", async () => {
  const body = JSON.stringify({ model: "runway/x", input: "x", voice: "y", fallbacks: ["openai/not-scripted"] });
  expect(await post("/audio/speech", body, "application/json")).toMatchObject({ code: "unsupported_operation" });
  expect(scene.mock.requests.at(-1)?.json).toMatchObject({ model: "not-scripted" });
});

test("a model that is also a file, or stands twice, is refused: the provider could take the other one", async () => {
  const asFile = form({ model: "openai/x", file: audio });
  asFile.append("model", new Blob(["forbidden"]), "model.txt");
  expect(await post("/audio/transcriptions", asFile)).toMatchObject({ code: "invalid_request", param: "model" });
  const twice = form({ model: "openai/x", file: audio });
  twice.append("model", "forbidden");
  expect(await post("/audio/transcriptions", twice)).toMatchObject({ code: "invalid_request", param: "model" });
  const alone = form({ file: audio });
  alone.append("model", new Blob(["forbidden"]), "model.txt");
  expect(await post("/audio/transcriptions", alone)).toMatchObject({ code: "invalid_request", param: "model" });
});

test("what is no form at all", async () => {
  const broken = await post("/audio/transcriptions", "--x\r\nnothing", "multipart/form-data; boundary=y");
  expect(broken).toMatchObject({ status: 400, code: "invalid_request" });
  const other = await post("/audio/transcriptions", "x", "text/plain");
  expect(other).toMatchObject({ status: 415, code: "unsupported_media_type" });
});
