import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.dev.runwayml.com/api */
export const runway = defineProvider({
  name: "runway",
  title: "Runway",
  docs: "https://docs.dev.runwayml.com/api",
  baseUrl: "https://api.dev.runwayml.com",
  auth: { type: "bearer" },
  headers: { "x-runway-version": "2024-11-06" },
  wires: [{ dialect: "runway", operations: ["video", "video_content", "video_delete", "video_status"] }],
  forwardHeaders: [],
  keyVariables: ["RUNWAYML_API_SECRET"],
});
