import { defineProvider } from "../../canonical/provider.ts";

/** https://replicate.com/docs/reference/http */
export const replicate = defineProvider({
  name: "replicate",
  title: "Replicate",
  docs: "https://replicate.com/docs/reference/http",
  baseUrl: "https://api.replicate.com/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "replicate",
      operations: ["chat", "image", "image_edit", "video", "video_content", "video_delete", "video_status"],
    },
  ],
  // Streams of predictions: https://replicate.com/docs/topics/predictions/streaming
  followHosts: ["*.replicate.com", "*.replicate.net"],
  forwardHeaders: [],
  // https://replicate.com/docs/topics/security/api-tokens; other gateways read the second one.
  keyVariables: ["REPLICATE_API_TOKEN", "REPLICATE_API_KEY"],
});
