import { defineProvider } from "../../canonical/provider.ts";

const DEPLOYMENT = "/deployments/{model}";
const VERSION = "?api-version={api_version}";

/** The dated API, which names the deployment in the path: https://learn.microsoft.com/azure/ai-foundry/openai/reference */
export const azureDeployments = defineProvider({
  name: "azure-deployments",
  title: "Azure OpenAI, dated API",
  docs: "https://learn.microsoft.com/azure/ai-foundry/openai/reference",
  baseUrl: "https://{host}/openai",
  auth: { type: "signed", signer: "entra", plain: { type: "header", name: "api-key" } },
  headers: {},
  wires: [
    {
      dialect: "openai-chat",
      operations: ["chat"],
      paths: { whole: `${DEPLOYMENT}/chat/completions${VERSION}` },
    },
    { dialect: "openai-responses", operations: ["chat"], paths: { whole: `/responses${VERSION}` } },
    { dialect: "openai", operations: ["embeddings"], paths: { whole: `${DEPLOYMENT}/embeddings${VERSION}` } },
  ],
  forwardHeaders: ["x-ms-client-request-id"],
  keyVariables: [],
  settings: [
    {
      name: "resource",
      description: "Name of the resource, the first part of its host",
      variables: ["AZURE_RESOURCE_NAME"],
      optional: true,
    },
    {
      name: "host",
      description: "Host of the resource, where `resource` does not say it",
      variables: [],
      default: "{resource}.openai.azure.com",
    },
    {
      name: "api_version",
      description: "Version of the API; Responses need a preview version",
      variables: ["OPENAI_API_VERSION", "AZURE_API_VERSION"],
      default: "2024-10-21",
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
  credentials: [
    { name: "tenant_id", description: "Id of the Entra tenant", variables: [], required: true },
    { name: "client_id", description: "Id of the application", variables: [], required: true },
    { name: "client_secret", description: "Secret of the application", variables: [], required: true },
  ],
});
