import type { Agent, AgentSession } from "./agent.ts";

/** The tiers among which Claude Code chooses for its own purposes, such as titles and background work. */
const TIERS = ["ANTHROPIC_MODEL", "ANTHROPIC_SMALL_FAST_MODEL", "CLAUDE_CODE_SUBAGENT_MODEL"] as const;
const DEFAULTS = ["HAIKU", "SONNET", "OPUS"].map((tier) => `ANTHROPIC_DEFAULT_${tier}_MODEL`);

/**
 * https://code.claude.com/docs/en/llm-gateway-connect, …/en/model-config: an API key goes before the token, so it is empty;
 * the token goes before a login.
 */
export const claude: Agent = {
  name: "claude",
  title: "Claude Code",
  command: "claude",
  install: "npm install -g @anthropic-ai/claude-code",
  plan: (session) => ({ env: { ...connection(session), ...choice(session) }, args: [] }),
};

/** Its other ways to a model are closed: one of them set in the shell would lead past the gateway. */
function connection({ url, key }: AgentSession): Record<string, string | undefined> {
  return {
    ANTHROPIC_BASE_URL: `${url}/anthropic`,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_API_KEY: "",
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: "1",
    CLAUDE_CODE_USE_BEDROCK: undefined,
    CLAUDE_CODE_USE_VERTEX: undefined,
    CLAUDE_CODE_USE_FOUNDRY: undefined,
  };
}

function choice({ model }: AgentSession): Record<string, string> {
  if (model === null) return {};
  return Object.fromEntries([...TIERS, ...DEFAULTS].map((name) => [name, model]));
}
