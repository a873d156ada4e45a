import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.bfl.ai/api_integration/integration_guidelines */
export const blackForestLabs = defineProvider({
  name: "black-forest-labs",
  title: "Black Forest Labs",
  docs: "https://docs.bfl.ai/quick_start/generating_images",
  baseUrl: "https://{host}/v1",
  auth: { type: "header", name: "x-key" },
  headers: {},
  wires: [{ dialect: "bfl", operations: ["image", "image_edit"] }],
  aliases: ["bfl", "blackforestlabs"],
  // A request is asked for where it is made: "polling_url" names the region's host.
  followHosts: ["*.bfl.ai", "*.bfl.ml"],
  forwardHeaders: [],
  keyVariables: ["BFL_API_KEY"],
  settings: [
    {
      name: "host",
      description: "api.bfl.ai, or api.eu.bfl.ai and api.us.bfl.ai, which stay in their region",
      variables: [],
      default: "api.bfl.ai",
    },
  ],
});
