import { expect, test } from "bun:test";
import { openSqliteStore } from "../stores/sqlite/open.ts";
import { FEEDBACK_FIELDS } from "./feedback-fields.ts";
import { hashAdminToken } from "./guard.ts";
import { answerAdmin } from "./router.ts";
import { SIMULATION_FIELDS } from "./simulation-fields.ts";

const TOKEN = "sk-tl-admin-0123456789abcdef";

interface Described {
  requestBody?: { content: Record<string, { schema: { properties: Readonly<Record<string, object>> } }> };
}

async function describeApi(): Promise<Record<string, Record<string, Described>>> {
  const request = new Request("http://gateway/api/openapi.json", { headers: { authorization: `Bearer ${TOKEN}` } });
  const nobody = (): Promise<never> => Promise.reject(new Error("nobody asks for this"));
  const answer = await answerAdmin(request, {
    store: openSqliteStore("sqlite::memory:"),
    tokenHashes: () => [hashAdminToken(TOKEN)],
    metrics: () => "",
    version: "1",
    models: () => [],
    refreshCatalog: nobody,
    experiments: () => [],
    giveFeedback: nobody,
    simulate: nobody,
  });
  return ((await answer.json()) as { paths: Record<string, Record<string, Described>> }).paths;
}

test("routes that take a body say what it may hold", async () => {
  const bodies = Object.entries(await describeApi()).flatMap(([path, { post }]) =>
    post?.requestBody === undefined ? [] : [[path, post.requestBody.content["application/json"]?.schema.properties]],
  );
  expect(Object.fromEntries(bodies)).toEqual({
    "/api/feedback": FEEDBACK_FIELDS,
    "/api/routing/simulate": SIMULATION_FIELDS,
  });
});
