import { defineProvider, type BodyQuirks } from "../../canonical/provider.ts";

/** https://docs.x.ai/docs/api-reference#image-generations */
const IMAGE_BODY: BodyQuirks = {
  size: ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "2:1", "1:2"],
  remove: ["background", "moderation", "output_compression", "partial_images", "stream", "style"],
};

/** https://docs.x.ai/docs/api-reference */
export const xai = defineProvider({
  name: "xai",
  title: "xAI",
  docs: "https://docs.x.ai/docs/api-reference",
  baseUrl: "https://api.x.ai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // Efforts differ between models, these three are common to those that take any; reasoning is counted beside the
    // completion: https://docs.x.ai/docs/guides/reasoning
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: {
        noDeveloperRole: true,
        noCustomTools: true,
        efforts: ["low", "medium", "high"],
        reasoningField: "reasoning_content",
      },
    },
    { dialect: "openai-responses", operations: ["chat"] },
    // Aspect ratios in place of sizes: https://docs.x.ai/docs/guides/image-generation
    { dialect: "openai", operations: ["image"], body: IMAGE_BODY },
    // In JSON, with the images as objects: https://docs.x.ai/docs/api-reference#edit-image
    {
      dialect: "openai",
      operations: ["image_edit"],
      neverRelayed: true,
      body: IMAGE_BODY,
      flags: { editImages: "objects" },
    },
  ],
  // https://docs.x.ai/developers/cost-tracking
  statedCost: { path: "cost_in_usd_ticks", perUsd: 1e10 },
  aliases: ["grok", "x-ai"],
  forwardHeaders: [],
  keyVariables: ["XAI_API_KEY"],
  models: { path: "/models", list: "data", id: "id" },
});
