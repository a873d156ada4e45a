import { defineProvider } from "../../canonical/provider.ts";

/** https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api; the credential is a programmatic access token */
export const snowflake = defineProvider({
  name: "snowflake",
  title: "Snowflake Cortex",
  docs: "https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api",
  baseUrl: "https://{host}/api/v2/cortex/v1",
  auth: { type: "bearer" },
  headers: {},
  wires: [
    {
      dialect: "anthropic-messages",
      operations: ["chat"],
      models: ["claude*"],
      headers: { "anthropic-version": "2023-06-01" },
    },
    { dialect: "openai-chat", operations: ["chat"], flags: { noDeveloperRole: true, noCustomTools: true } },
  ],
  forwardHeaders: [],
  keyVariables: ["SNOWFLAKE_PAT"],
  settings: [
    {
      name: "account",
      description: "Account identifier, such as `myorg-myaccount`",
      variables: ["SNOWFLAKE_ACCOUNT"],
      optional: true,
    },
    {
      name: "host",
      description: "Host, where `account` does not say it",
      variables: [],
      default: "{account}.snowflakecomputing.com",
    },
  ],
});
