import { OPEN_MODELS } from "../../canonical/open-models.ts";
import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.clarifai.com/compute/inference/open-ai */
export const clarifai = defineProvider({
  name: "clarifai",
  title: "Clarifai",
  docs: "https://docs.clarifai.com/compute/inference/open-ai",
  baseUrl: "https://api.clarifai.com/v2/ext/openai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [{ dialect: "openai-chat", operations: ["chat"], flags: OPEN_MODELS }],
  forwardHeaders: [],
  keyVariables: ["CLARIFAI_PAT", "CLARIFAI_API_KEY"],
});
