import { defineProvider } from "../../canonical/provider.ts";

/** https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle: the v1 API, which takes no `api-version` */
export const azure = defineProvider({
  name: "azure",
  title: "Azure OpenAI",
  docs: "https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle",
  baseUrl: "https://{host}/openai/v1",
  auth: { type: "signed", signer: "entra", plain: { type: "header", name: "api-key" } },
  headers: {},
  // The model is the name of a deployment; as at OpenAI, reasoning is whole in Responses only.
  wires: [
    {
      dialect: "openai-responses",
      operations: ["chat"],
      models: ["o1*", "o3*", "o4*", "gpt-5*", "gpt-6*", "codex*"],
    },
    { dialect: "openai-chat", operations: ["chat"] },
    { dialect: "openai-responses", operations: ["chat"] },
    { dialect: "openai", operations: ["embeddings", "realtime"] },
  ],
  forwardHeaders: ["x-ms-client-request-id"],
  // Batches take deployments of the type Global Batch: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch
  keeps: ["files"],
  namedBatchesOnly: true,
  keyVariables: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
  settings: [
    {
      name: "resource",
      description: "Name of the resource, the first part of its host",
      variables: ["AZURE_RESOURCE_NAME"],
      optional: true,
    },
    {
      name: "host",
      description: "Host, such as `my-resource.services.ai.azure.com`, where `resource` does not say it",
      variables: [],
      default: "{resource}.openai.azure.com",
    },
    {
      name: "authority",
      description: "Where Entra gives tokens",
      variables: ["AZURE_AUTHORITY_HOST"],
      default: "https://login.microsoftonline.com",
    },
    {
      name: "scope",
      description: "What the tokens are for",
      variables: [],
      default: "https://cognitiveservices.azure.com/.default",
    },
  ],
  // https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity
  credentials: [
    { name: "tenant_id", description: "Id of the Entra tenant", variables: ["AZURE_TENANT_ID"], required: true },
    { name: "client_id", description: "Id of the application", variables: ["AZURE_CLIENT_ID"], required: true },
    {
      name: "client_secret",
      description: "Secret of the application",
      variables: ["AZURE_CLIENT_SECRET"],
      required: true,
    },
  ],
});
