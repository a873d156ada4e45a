import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { YAML } from "bun";
import { checkCondition } from "../src/compose/check-condition.ts";
import { manifests } from "../src/compose/providers.ts";
import { loadConfig } from "../src/domain/config/index.ts";
import { RULE_ENVIRONMENT } from "../src/domain/route/variables.ts";
import { compileCel } from "../src/lib/cel/index.ts";
import { startGateway, type Gateway } from "./gateway/start.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const PATTERNS = ["*.md", "docs/**/*.md", "examples/**/*.md", "bench/*.md"];
const paths = PATTERNS.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)]).toSorted();
const pages = await Promise.all(paths.map(async (path) => ({ path, text: await Bun.file(join(ROOT, path)).text() })));

interface Block {
  path: string;
  language: string;
  text: string;
}

const FENCE = /^```(\w+)\n([\s\S]*?)^```$/gm;
const blocks: readonly Block[] = pages.flatMap(({ path, text }) =>
  [...text.matchAll(FENCE)].map(([, language = "", content = ""]) => ({ path, language, text: content })),
);

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase());
  return headings.map((title) => title.replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}

function deadLinks({ path, text }: { path: string; text: string }): string[] {
  const links = [...text.replace(FENCE, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(pages.find((page) => page.path === target)?.text ?? "").includes(anchor);
  });
}

describe("links", () => {
  test("all pages were seen", () => {
    expect(paths).toContain("README.md");
    expect(paths.length).toBeGreaterThan(25);
  });

  test.each(pages)("$path has no dead one", (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  test("every guide is reached from the README", () => {
    const readme = pages.find(({ path }) => path === "README.md")?.text ?? "";
    const guides = paths.filter((path) => path.startsWith("docs/guides/"));
    expect(guides.filter((path) => !readme.includes(`(${path})`))).toEqual([]);
  });
});

describe("configurations", () => {
  const configs = blocks
    .filter(({ language, text }) => language === "yaml" && !text.startsWith("#"))
    .map((block) => ({ ...block, first: block.text.split("\n")[0] }));
  test.each(configs)("of $path is valid ($first …)", ({ text }) => {
    const variables = [...text.matchAll(/\benv\.(\w+)/g)].map(([, name = ""]) => name);
    const env = Object.fromEntries(variables.map((name) => [name, `sk-tl-${name}-0123456789abcdef`]));
    const { config } = loadConfig({ text, file: "docs", env, manifests, checkCondition });
    expect(Object.keys(YAML.parse(text) as object).filter((key) => !Object.hasOwn(config, key))).toEqual([]);
  });

  test("conditions in the table of the routing guide compile", () => {
    const guide = pages.find(({ path }) => path === "docs/guides/routing.md")?.text ?? "";
    const rules = guide.slice(guide.indexOf("\n## Rules"), guide.indexOf("\n## Policies"));
    const conditions = [...rules.matchAll(/^\| `([^`]+)` \| /gm)].map(([, condition = ""]) => condition);
    expect(conditions.length).toBeGreaterThan(6);
    for (const condition of conditions) compileCel(condition, RULE_ENVIRONMENT);
  });
});

/** Commands of a page's shell blocks, with continued lines joined. */
function commandsOf({ text }: Block): string[] {
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.startsWith("curl "));
}

const curls = blocks
  .filter(({ path, language }) => language === "sh" && !path.startsWith("examples/"))
  .flatMap((block) => commandsOf(block).map((command) => ({ path: block.path, command })));

describe.skipIf(Bun.which("curl") === null)("curl commands", () => {
  const virtualKey = "sk-tl-docs-0123456789abcdef0123456789abcdef";
  const readme = blocks.find(({ path, language }) => path === "README.md" && language === "yaml")?.text ?? "";
  let plain: Gateway;
  let configured: Gateway;

  beforeAll(async () => {
    plain = await startGateway();
    configured = await startGateway({ config: YAML.parse(readme), env: { APP_1_KEY: virtualKey } });
  }, 30_000);

  afterAll(async () => {
    await plain.stop();
    await configured.stop();
  });

  test("there are some", () => {
    expect(curls.length).toBeGreaterThan(4);
  });

  test.each(curls)("of $path is answered: $command", ({ command }) => {
    const gateway = command.includes("APP_1_KEY") ? configured : plain;
    const line = `${command.replaceAll("http://127.0.0.1:8080", gateway.url)} -s -i`;
    const env = { PATH: process.env["PATH"] ?? "", APP_1_KEY: virtualKey, TRUNKLINE_ADMIN_TOKEN: gateway.adminToken };
    const { stdout } = Bun.spawnSync(["sh", "-c", line], { env });
    expect(stdout.toString()).toStartWith(`HTTP/1.1 ${command.includes("x-trunkline-async") ? 202 : 200}`);
    if (command.includes("assistant"))
      for (const header of promisedHeaders()) expect(stdout.toString()).toContain(header);
  });

  /** Those that the README says the answer has. */
  function promisedHeaders(): string[] {
    const story =
      /^The headers tell the story: [\s\S]*?\n\n/m.exec(
        pages.find(({ path }) => path === "README.md")?.text ?? "",
      )?.[0] ?? "";
    return [...story.matchAll(/`(x-trunkline-[^`]+)`/g)].map(([, header = ""]) => header);
  }
});
