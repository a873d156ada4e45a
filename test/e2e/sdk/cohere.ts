import { existsSync } from "node:fs";

/** Cohere's SDK is there for tests alone: it stands in a manifest of its own. */
export const COHERE_SDK = new URL("../../sdk/node_modules/cohere-ai/", import.meta.url).pathname;

/** False where the packages of that manifest are not installed. */
export const isCohereThere = existsSync(COHERE_SDK);
