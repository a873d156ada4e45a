/**
 * Writes `facts.json` from LiteLLM's data sheet, which its Python package holds. Run it with Bun on the files of the unpacked
 * wheel: `bun src/domain/catalog/generate-facts.ts litellm/model_prices_and_context_window_backup.json 1.110.2`. The same version
 * gives the same bytes.
 */
import type { FactsData } from "./facts.ts";
import { decodeLitellm } from "./litellm-facts.ts";

/** The text of `facts.json`: one line a model, so that updates read well. */
function printFacts({ providers, ...head }: FactsData): string {
  const blocks = Object.entries(providers).map(([name, rows]) => {
    const lines = rows.map((row) => `      ${JSON.stringify(row)}`).join(",\n");
    return `    ${JSON.stringify(name)}: [\n${lines}\n    ]`;
  });
  const start = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${start.join("")}  "providers": {\n${blocks.join(",\n")}\n  }\n}\n`;
}

if (import.meta.main) {
  const [file = "", version = ""] = process.argv.slice(2);
  const facts = decodeLitellm(await Bun.file(file).json(), "litellm", version);
  await Bun.write(new URL("facts.json", import.meta.url), printFacts(facts));
}
