import type { Agent, AgentSession } from "./agent.ts";

/** https://opencode.ai/docs/config, …/docs/providers: a configuration in the environment goes over those in files. */
export const opencode: Agent = {
  name: "opencode",
  title: "OpenCode",
  command: "opencode",
  install: "npm install -g opencode-ai",
  plan: (session) => ({
    env: { TRUNKLINE_KEY: session.key, OPENCODE_CONFIG_CONTENT: JSON.stringify(configOf(session)) },
    args: [],
  }),
};

function configOf({ url, model, models }: AgentSession): object {
  const offered = model === null ? models : [...new Set([model, ...models])];
  const options = { baseURL: `${url}/v1`, apiKey: "{env:TRUNKLINE_KEY}" };
  const own = {
    npm: "@ai-sdk/openai-compatible",
    name: "Trunkline",
    options,
    models: Object.fromEntries(offered.map((id) => [id, { name: id }])),
  };
  const first = offered[0];
  const chosen = first === undefined ? {} : { model: `trunkline/${first}`, small_model: `trunkline/${first}` };
  return { provider: { trunkline: own }, ...chosen };
}
