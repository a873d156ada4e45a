import { readdirSync } from "node:fs";
import { configJsonSchema } from "../src/domain/config/index.ts";
import { apiPage } from "./reference/api-page.ts";
import { celPage } from "./reference/cel-page.ts";
import { configPage } from "./reference/config-page.ts";
import { errorsPage } from "./reference/errors-page.ts";
import { metricsPage } from "./reference/metrics-page.ts";
import { providersPage } from "./reference/providers-page.ts";

/** Where the pages stand. */
export const REFERENCE_FOLDER = new URL("../docs/reference/", import.meta.url).pathname;

/** The generated reference: file name → content. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["api.md", await apiPage()],
    ["cel-variables.md", celPage()],
    ["config.md", configPage()],
    ["config.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ["errors.md", errorsPage()],
    ["metrics.md", metricsPage()],
    ["providers.md", providersPage()],
  ]);
}

if (import.meta.main) {
  for (const [name, content] of await referencePages()) await Bun.write(REFERENCE_FOLDER + name, content);
  console.log(`docs/reference: ${readdirSync(REFERENCE_FOLDER).join(", ")}`);
}
