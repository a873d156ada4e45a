import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.databricks.com/aws/en/machine-learning/model-serving/score-foundation-models; the model is the name of a serving endpoint */
export const databricks = defineProvider({
  name: "databricks",
  title: "Databricks Model Serving",
  docs: "https://docs.databricks.com/aws/en/machine-learning/model-serving/score-foundation-models",
  baseUrl: "https://{host}/serving-endpoints",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    // https://docs.databricks.com/aws/en/machine-learning/model-serving/query-anthropic-messages
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      models: ["databricks-claude*"],
      paths: { whole: "/anthropic/v1/messages" },
      headers: { "anthropic-version": "2023-06-01" },
    },
    {
      dialect: "openai-chat",
      operations: ["chat"],
      flags: { legacyMaxTokens: true, noDeveloperRole: true, noCustomTools: true },
    },
    { dialect: "openai", operations: ["embeddings"] },
  ],
  forwardHeaders: [],
  keyVariables: ["DATABRICKS_TOKEN"],
  settings: [
    {
      name: "host",
      description: "Host of the workspace, such as `dbc-1234.cloud.databricks.com`",
      variables: ["DATABRICKS_SERVER_HOSTNAME"],
    },
  ],
});
