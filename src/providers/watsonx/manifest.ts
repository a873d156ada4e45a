import { defineProvider } from "../../canonical/provider.ts";

/** https://cloud.ibm.com/apidocs/watsonx-ai#text-chat */
export const watsonx = defineProvider({
  name: "watsonx",
  title: "IBM watsonx.ai",
  docs: "https://cloud.ibm.com/apidocs/watsonx-ai#text-chat",
  baseUrl: "https://{host}",
  auth: { type: "signed", signer: "ibm-iam" },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      paths: {
        whole: "/ml/v1/text/chat?version={api_version}",
        stream: "/ml/v1/text/chat_stream?version={api_version}",
      },
      body: {
        rename: { model: "model_id" },
        // A choice by word has a field of its own there.
        renameText: { tool_choice: "tool_choice_option" },
        omit: ["stream", "stream_options"],
        settings: { project_id: "project_id", space_id: "space_id" },
      },
      flags: { noDeveloperRole: true, noCustomTools: true, noStreamOptions: true },
    },
  ],
  forwardHeaders: [],
  keyVariables: ["WATSONX_API_KEY", "WATSONX_APIKEY", "WATSONX_AI_APIKEY"],
  settings: [
    { name: "region", description: "Region of the service", variables: ["WATSONX_REGION"], default: "us-south" },
    {
      name: "host",
      description: "Host of the service, where the region does not say it",
      variables: [],
      default: "{region}.ml.cloud.ibm.com",
    },
    {
      name: "project_id",
      description: "Project that the calls belong to; either this or `space_id` must be set",
      variables: ["WATSONX_PROJECT_ID", "WATSONX_AI_PROJECT_ID"],
      optional: true,
    },
    {
      name: "space_id",
      description: "Deployment space that the calls belong to",
      variables: ["WATSONX_SPACE_ID"],
      optional: true,
    },
    { name: "api_version", description: "Date of the API's version", variables: [], default: "2024-10-10" },
    {
      name: "iam_url",
      description: "Where IBM Cloud gives tokens",
      variables: [],
      default: "https://iam.cloud.ibm.com",
    },
  ],
  // https://cloud.ibm.com/apidocs/watsonx-ai#list-foundation-model-specs
  models: {
    path: "/ml/v1/foundation_model_specs?version={api_version}&limit=200",
    list: "resources",
    id: "model_id",
  },
});
