import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.fal.ai/model-apis/model-endpoints/queue */
export const fal = defineProvider({
  name: "fal",
  title: "Fal",
  docs: "https://docs.fal.ai/model-apis/model-endpoints/queue",
  baseUrl: "https://queue.fal.run",
  auth: { type: "bearer", word: "Key" },
  headers: {},
  wires: [{ dialect: "fal", operations: ["image", "image_edit", "video", "video_content", "video_status"] }],
  aliases: ["fal-ai", "fal_ai"],
  forwardHeaders: [],
  keyVariables: ["FAL_KEY", "FAL_API_KEY", "FAL_AI_API_KEY"],
});
