import type { Agent } from "./agent.ts";

/** https://qwenlm.github.io/qwen-code-docs/en/users/configuration/settings/ */
export const qwen: Agent = {
  name: "qwen",
  title: "Qwen Code",
  command: "qwen",
  install: "npm install -g @qwen-code/qwen-code",
  plan: ({ url, key, model }) => ({
    env: { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, ...(model !== null && { OPENAI_MODEL: model }) },
    args: ["--auth-type", "openai"],
  }),
};
