import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.oracle.com/en-us/iaas/Content/generative-ai/openai-compatible-api.htm; the credential is an OCI Generative AI API key */
export const oracle = defineProvider({
  name: "oracle",
  title: "OCI Generative AI",
  docs: "https://docs.oracle.com/en-us/iaas/Content/generative-ai/openai-compatible-api.htm",
  baseUrl: "https://inference.generativeai.{region}.oci.oraclecloud.com/openai/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true },
    },
    { dialect: "openai-responses", operations: ["chat"] },
  ],
  forwardHeaders: [],
  keyVariables: ["OCI_GENAI_API_KEY"],
  settings: [{ name: "region", description: "Region, such as `us-chicago-1`", variables: ["OCI_REGION"] }],
});
