import { checkMatrix } from "./media-matrix.ts";

const models = {
  fal: "fal-ai/veo3/fast",
  gemini: "veo-3.1-generate-preview",
  openai: "sora-2",
  replicate: "google/veo-3",
  runway: "gen4.5",
} as const;
const first = { filename: "first.png", contentType: "image/png", text: "png" };
const job = {
  id: "video_1",
  object: "video",
  model: "sora-2",
  status: "queued",
  progress: 0,
  created_at: 5,
  seconds: "8",
  size: "1280x720",
  remixed_from_video_id: "video_0",
};
const prediction = { id: "p1", status: "starting", created_at: "2026-01-01T00:00:00Z", output: null, error: null };
const queued = { request_id: "f1", status: "IN_QUEUE", queue_position: 0 };
const name = "models/veo-3.1-generate-preview/operations/op1";
const uri = "https://generativelanguage.googleapis.com/v1beta/files/f1:download?alt=media";

checkMatrix({
  operation: "video",
  client: "openai",
  models,
  requests: [
    { name: "plain", body: { json: { prompt: "A cat" } } },
    {
      name: "all-options",
      body: { fields: { prompt: "A cat", seconds: "8", size: "1280x720" }, files: { input_reference: first } },
    },
    { name: "by-reference", body: { json: { prompt: "A cat", input_reference: { image_url: "https://x/y.png" } } } },
    { name: "remix", pathJob: "video_1", body: { json: { prompt: "Two cats" } } },
    { name: "bad-seconds", body: { json: { prompt: "A cat", seconds: "many" } } },
  ],
  answers: [
    {
      name: "begun",
      to: "all-options",
      said: {
        fal: { json: queued },
        gemini: { json: { name } },
        openai: { json: job },
        replicate: { json: prediction },
        runway: { json: { id: "t1", estimatedCost: { credits: 5 } } },
      },
    },
  ],
});

checkMatrix({
  operation: "video_status",
  client: "openai",
  models,
  requests: [{ name: "plain", pathJob: "job/1", body: { json: {} } }],
  answers: [
    {
      name: "done",
      to: "plain",
      said: {
        fal: { json: { ...queued, status: "COMPLETED", logs: [], metrics: { inference_time: 9.5 } } },
        gemini: {
          json: { name, done: true, response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } } },
        },
        openai: { json: { ...job, status: "completed", progress: 100, completed_at: 9, expires_at: 10 } },
        replicate: {
          json: {
            ...prediction,
            status: "succeeded",
            completed_at: "2026-01-01T00:01:00Z",
            output: "https://replicate.delivery/x.mp4",
          },
        },
        runway: {
          json: { id: "t1", status: "SUCCEEDED", createdAt: "2026-01-01T00:00:00Z", output: ["https://cdn/x.mp4"] },
        },
      },
    },
    {
      name: "failed",
      to: "plain",
      said: {
        fal: { json: { ...queued, status: "COMPLETED", error: "no" } },
        gemini: { json: { name, done: true, error: { code: 3, message: "no" } } },
        openai: { json: { ...job, status: "failed", error: { code: "moderation_blocked", message: "no" } } },
        replicate: { json: { ...prediction, status: "failed", error: "no" } },
        runway: { json: { id: "t1", status: "FAILED", failure: "no", failureCode: "SAFETY.INPUT.TEXT" } },
      },
    },
  ],
});

checkMatrix({
  operation: "video_content",
  client: "openai",
  models,
  requests: [{ name: "plain", pathJob: "job/1", body: { json: { variant: "thumbnail" } } }],
  answers: [
    {
      name: "file",
      to: "plain",
      said: {
        fal: { json: { video: { url: "https://v3.fal.media/files/x.mp4", content_type: "video/mp4" } } },
        gemini: { json: { name, done: false } },
        openai: { contentType: "video/mp4", text: "mp4" },
        replicate: { json: { ...prediction, status: "succeeded", output: ["https://replicate.delivery/x.mp4"] } },
        runway: { json: { id: "t1", status: "SUCCEEDED", output: ["https://cdn/x.mp4"] } },
      },
    },
    {
      name: "not-ready",
      to: "plain",
      said: { fal: { json: queued }, runway: { json: { id: "t1", status: "RUNNING", progress: 0.4 } } },
    },
  ],
});

checkMatrix({
  operation: "video_delete",
  client: "openai",
  models: { openai: "sora-2", replicate: "google/veo-3", runway: "gen4.5" },
  requests: [{ name: "plain", pathJob: "job/1", body: { json: {} } }],
  answers: [
    {
      name: "gone",
      to: "plain",
      said: {
        openai: { json: { id: "job/1", deleted: true } },
        replicate: { json: { ...prediction, status: "canceled" } },
        runway: { contentType: "", text: "" },
      },
    },
  ],
});
