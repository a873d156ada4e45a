import { defineProvider } from "../../canonical/provider.ts";

/** Claude in Microsoft Foundry: https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry */
export const azureAnthropic = defineProvider({
  name: "azure-anthropic",
  title: "Claude in Microsoft Foundry",
  docs: "https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry",
  baseUrl: "https://{host}/anthropic/v1",
  auth: { type: "signed", signer: "entra", plain: { type: "header", name: "x-api-key" } },
  headers: { "anthropic-version": "2023-06-01" },
  wires: [{ dialect: "anthropic-messages", operations: ["chat", "count_tokens"] }],
  forwardHeaders: ["anthropic-version", "anthropic-beta"],
  keyVariables: ["ANTHROPIC_FOUNDRY_API_KEY"],
  settings: [
    {
      name: "resource",
      description: "Name of the resource, the first part of its host",
      variables: ["ANTHROPIC_FOUNDRY_RESOURCE"],
      optional: true,
    },
    {
      name: "host",
      description: "Host of the resource, where `resource` does not say it",
      variables: [],
      default: "{resource}.services.ai.azure.com",
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
