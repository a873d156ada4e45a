import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "../../canonical/json.ts";
import type { Agent, AgentSession } from "./agent.ts";

const SETTINGS = "settings.json";

/**
 * https://geminicli.com/docs/reference/configuration: how to sign in stands in settings files, not in the environment, and a
 * login that was chosen there would lead past the gateway. So it runs with a home of its own, which shows the user's but for
 * the sign-in.
 */
export const gemini: Agent = {
  name: "gemini",
  title: "Gemini CLI",
  command: "gemini",
  install: "npm install -g @google/gemini-cli",
  plan: (session) => {
    const { url, key, model, env } = session;
    return {
      env: {
        GOOGLE_GEMINI_BASE_URL: `${url}/genai`,
        GEMINI_API_KEY: key,
        GEMINI_CLI_HOME: homeOf(session, join(env["GEMINI_CLI_HOME"] ?? env["HOME"] ?? homedir(), ".gemini")),
        GOOGLE_API_KEY: undefined,
        GOOGLE_GENAI_USE_VERTEXAI: undefined,
        GOOGLE_GENAI_USE_GCA: undefined,
        ...(model !== null && { GEMINI_MODEL: model }),
      },
      args: [],
    };
  },
};

function homeOf({ folder }: AgentSession, usual: string): string {
  mkdirSync(usual, { recursive: true });
  const home = folder();
  const own = join(home, ".gemini");
  mkdirSync(own);
  for (const name of readdirSync(usual)) if (name !== SETTINGS) symlinkSync(join(usual, name), join(own, name));
  writeFileSync(join(own, SETTINGS), JSON.stringify(signedInByKey(readSettings(join(usual, SETTINGS)))));
  return home;
}

function readSettings(path: string): JsonObject {
  let text = "{}";
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const settings: unknown = Bun.JSONC.parse(text);
  return isJsonObject(settings) ? settings : {};
}

function signedInByKey(settings: JsonObject): JsonObject {
  const security = isJsonObject(settings["security"]) ? settings["security"] : {};
  const auth = isJsonObject(security["auth"]) ? security["auth"] : {};
  return { ...settings, security: { ...security, auth: { ...auth, selectedType: "gemini-api-key" } } };
}
