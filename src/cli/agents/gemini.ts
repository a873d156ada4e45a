import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Agent } from "./agent.ts";

/**
 * https://geminicli.com/docs/reference/configuration: how to sign in stands in settings files, of which the system's goes before
 * all others, so a login of the user's does not lead past the gateway.
 */
export const gemini: Agent = {
  name: "gemini",
  title: "Gemini CLI",
  command: "gemini",
  install: "npm install -g @google/gemini-cli",
  plan: ({ url, key, model, folder }) => {
    const settings = join(folder(), "settings.json");
    writeFileSync(settings, JSON.stringify({ security: { auth: { selectedType: "gemini-api-key" } } }));
    return {
      env: {
        GOOGLE_GEMINI_BASE_URL: `${url}/genai`,
        GEMINI_API_KEY: key,
        GEMINI_CLI_SYSTEM_SETTINGS_PATH: settings,
        GOOGLE_API_KEY: undefined,
        GOOGLE_GENAI_USE_VERTEXAI: undefined,
        GOOGLE_GENAI_USE_GCA: undefined,
        ...(model !== null && { GEMINI_MODEL: model }),
      },
      args: [],
    };
  },
};
