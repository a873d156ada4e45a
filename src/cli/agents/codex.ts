import type { Agent, AgentSession } from "./agent.ts";

const ENV_KEY = "TRUNKLINE_KEY";

/** https://developers.openai.com/codex/config-reference (`model_providers`): overrides for this run; `config.toml` stays as it is. */
export const codex: Agent = {
  name: "codex",
  title: "Codex CLI",
  command: "codex",
  install: "npm install -g @openai/codex",
  plan: (session) => ({
    env: { [ENV_KEY]: session.key },
    args: Object.entries(overrides(session)).flatMap(([name, value]) => ["-c", `${name}=${JSON.stringify(value)}`]),
  }),
};

function overrides({ url, model }: AgentSession): Record<string, string> {
  const provider = "model_providers.trunkline";
  return {
    model_provider: "trunkline",
    [`${provider}.name`]: "Trunkline",
    [`${provider}.base_url`]: `${url}/v1`,
    [`${provider}.env_key`]: ENV_KEY,
    [`${provider}.wire_api`]: "responses",
    ...(model !== null && { model }),
  };
}
