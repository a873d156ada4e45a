import { checkMatrix } from "./media-matrix.ts";

const IMAGE = Buffer.from("image").toString("base64");
const models = {
  bfl: "flux-2-pro",
  fal: "fal-ai/flux/dev",
  gemini: "gemini-2.5-flash-image",
  openai: "gpt-image-1",
  replicate: "black-forest-labs/flux-2-pro",
  stability: "sd3.5-large",
} as const;

const generated = {
  candidates: [
    {
      content: { parts: [{ text: "Here it is." }, { inlineData: { mimeType: "image/png", data: IMAGE } }] },
      finishReason: "STOP",
    },
  ],
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 1290, totalTokenCount: 1297 },
};
const openai = {
  created: 5,
  background: "opaque",
  data: [{ b64_json: IMAGE, revised_prompt: "A cat, sitting" }],
  usage: {
    input_tokens: 9,
    output_tokens: 272,
    total_tokens: 281,
    input_tokens_details: { text_tokens: 9, image_tokens: 0 },
  },
};
/** https://docs.bfl.ai/quick_start/generating_images */
const bfl = {
  id: "b1",
  status: "Ready",
  result: { sample: "https://delivery-eu1.bfl.ai/results/sample.jpeg", prompt: "A cat", seed: 7, start_time: 1.5 },
};
/** https://fal.ai/models/fal-ai/flux/dev/api */
const fal = {
  images: [{ url: "https://v3.fal.media/files/a.png", width: 1024, height: 768, content_type: "image/jpeg" }],
  timings: {},
  seed: 7,
  has_nsfw_concepts: [false],
  prompt: "A cat",
};
/** https://replicate.com/docs/topics/predictions/create-a-prediction */
const replicate = {
  id: "p1",
  status: "succeeded",
  output: ["https://replicate.delivery/xezq/out-0.webp"],
  error: null,
  metrics: { image_count: 1, predict_time: 1.2 },
};
const stability = { image: IMAGE, finish_reason: "SUCCESS", seed: 343940597 };

checkMatrix({
  operation: "image",
  client: "openai",
  models,
  requests: [
    { name: "plain", body: { json: { prompt: "A cat" } } },
    {
      name: "all-options",
      body: {
        json: {
          prompt: "A cat",
          n: 2,
          size: "1536x1024",
          quality: "high",
          output_format: "webp",
          output_compression: 80,
          background: "transparent",
          moderation: "low",
          user: "user-1",
          stream: true,
          partial_images: 2,
        },
      },
    },
    { name: "as-addresses", body: { json: { prompt: "A cat", response_format: "url", style: "vivid" } } },
    { name: "no-prompt", body: { json: { size: "auto" } } },
  ],
  answers: [
    {
      name: "one",
      to: "plain",
      said: {
        bfl: { json: bfl },
        fal: { json: fal },
        gemini: { json: generated },
        openai: { json: openai },
        replicate: { json: replicate },
        stability: { json: stability },
      },
    },
    { name: "as-address", to: "as-addresses", said: { gemini: { json: generated }, stability: { json: stability } } },
    {
      name: "imagen",
      to: "plain",
      said: { gemini: { json: { predictions: [{ bytesBase64Encoded: IMAGE, mimeType: "image/png" }] } } },
    },
    {
      name: "filtered",
      to: "plain",
      said: {
        gemini: { json: { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } } },
        openai: { json: { created: 5, data: [{}] } },
        bfl: { json: { id: "b1", status: "Content Moderated", result: null } },
        fal: { json: { request_id: "f1", status: "COMPLETED", error: "Runner disconnected" } },
        replicate: { json: { ...replicate, status: "failed", error: "NSFW content detected" } },
        stability: { json: { image: IMAGE, finish_reason: "CONTENT_FILTERED" } },
      },
    },
  ],
});

const cat = { filename: "cat.png", contentType: "image/png", text: "png" };

checkMatrix({
  operation: "image_edit",
  client: "openai",
  models,
  requests: [
    { name: "one-file", body: { fields: { prompt: "A hat" }, files: { image: cat } } },
    {
      name: "with-mask",
      body: {
        fields: { prompt: "A hat", n: "2", size: "1024x1024", input_fidelity: "high" },
        files: { "image[]": cat, mask: { ...cat, filename: "mask.png" } },
      },
    },
    { name: "no-file", body: { fields: { prompt: "A hat" }, files: {} } },
    {
      name: "by-reference",
      body: { json: { prompt: "A hat", images: [{ image_url: `data:image/png;base64,${IMAGE}` }] } },
    },
    { name: "by-file-id", body: { json: { prompt: "A hat", images: [{ file_id: "file-1" }] } } },
  ],
  answers: [
    {
      name: "one",
      to: "one-file",
      said: {
        bfl: { json: bfl },
        fal: { json: { image: { url: `data:image/png;base64,${IMAGE}` } } },
        gemini: { json: generated },
        openai: { json: openai },
        replicate: { json: { ...replicate, output: `data:image/webp;base64,${IMAGE}` } },
      },
    },
  ],
});

checkMatrix({
  operation: "image_variation",
  client: "openai",
  models: { openai: "dall-e-2" },
  requests: [{ name: "plain", body: { fields: { n: "2", response_format: "b64_json" }, files: { image: cat } } }],
  answers: [{ name: "one", to: "plain", said: { openai: { json: { created: 5, data: [{ url: "https://x/y" }] } } } }],
});
