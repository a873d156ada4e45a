import { join } from "node:path";
import { test } from "bun:test";
import type { Json, JsonObject } from "../../src/canonical/json.ts";
import type { ChatDialect } from "../../src/canonical/names.ts";
import { ANSWER_CASES } from "./cases/answers.ts";
import { REQUEST_CASES } from "./cases/requests.ts";
import { lostFacts } from "./lost.ts";
import { dialectNamed, MODELS, NAMES } from "./pairs.ts";
import { expectText } from "./snapshot.ts";
import { replyTo } from "./streams.ts";
import { translateRequest } from "./translate.ts";

const FILE = join(import.meta.dir, "../../docs/reference/translation.md");

const INTRODUCTION = `# What survives a translation

Where client and provider speak the same dialect, the bytes pass as they are. Otherwise a request is decoded and encoded anew, and so is
its answer. These tables say what comes through, case by case: they are made by \`test/golden\`, which holds every cell to a snapshot.
What a request cannot carry over is named in the response header \`x-trunkline-warnings\` and on the request's record, and so is
what only the provider's dialect knows of an answer (tools that it ran itself), and media where the client's dialect answers in text.

* **carried**: the provider receives the same.
* **carried, changed** fields: it receives the nearest that its dialect has, and the client is warned.
* **carried, without** fields: it does not receive them, and the client is warned.
`;

/** A request's cell: what of it was changed or left behind, as the client is told. */
function requestCell(client: ChatDialect, provider: ChatDialect, wire: JsonObject): string {
  const { warnings } = translateRequest(client, provider, wire, MODELS[provider]);
  const named = (isChange: boolean): string =>
    [
      ...new Set(
        warnings.filter(({ code }) => (code === "changed_field") === isChange).map(({ field }) => `\`${field}\``),
      ),
    ].join(", ");
  const [changed, left] = [named(true), named(false)];
  return ["carried", changed && `changed ${changed}`, left && `without ${left}`].filter(Boolean).join(", ");
}

function answerCell(
  provider: ChatDialect,
  client: ChatDialect,
  wire: JsonObject | string,
  facts: (typeof ANSWER_CASES)[number]["facts"],
): string {
  if (typeof wire === "string") return "–";
  const response = dialectNamed(provider).decodeResponse(structuredClone(wire) as Json);
  const lost = lostFacts(facts, wire, dialectNamed(client).encodeResponse(response, replyTo(client)));
  return lost.length === 0 ? "carried" : "left out";
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function requestSection(client: ChatDialect): string {
  const others = NAMES.filter((name) => name !== client);
  const rows: string[][] = [];
  const impossible: string[] = [];
  for (const { name, wire } of REQUEST_CASES) {
    const body = wire[client];
    if (typeof body === "string") impossible.push(`${name} (${body})`);
    else rows.push([name, ...others.map((provider) => requestCell(client, provider, body))]);
  }
  const rest = impossible.length === 0 ? "" : `\n\nNot possible to ask for in this dialect: ${impossible.join("; ")}.`;
  return `### Clients of ${client}\n\n${table(["request", ...others.map((name) => `to ${name}`)], rows)}${rest}`;
}

function answerSection(client: ChatDialect): string {
  const others = NAMES.filter((name) => name !== client);
  const rows = ANSWER_CASES.map(({ name, wire, facts }) => [
    name,
    ...others.map((provider) => answerCell(provider, client, wire[provider], facts)),
  ]);
  return `### To clients of ${client}\n\n${table(["answer", ...others.map((name) => `from ${name}`)], rows)}`;
}

test("docs/reference/translation.md is what the dialects do", () => {
  const requests = `## Requests\n\n${NAMES.map(requestSection).join("\n\n")}`;
  const answers = `## Answers\n\nA dash: providers of that dialect cannot give such an answer.\n\n${NAMES.map(answerSection).join("\n\n")}`;
  expectText(FILE, `${INTRODUCTION}\n${requests}\n\n${answers}\n`);
});
