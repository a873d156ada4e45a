import { defineProvider } from "../../canonical/provider.ts";

/** https://platform.stability.ai/docs/getting-started/authentication */
export const stability = defineProvider({
  name: "stability",
  title: "Stability AI",
  docs: "https://platform.stability.ai/docs/api-reference",
  baseUrl: "https://api.stability.ai",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "stability", operations: ["image", "image_edit"] }],
  forwardHeaders: [],
  keyVariables: ["STABILITY_API_KEY"],
});
