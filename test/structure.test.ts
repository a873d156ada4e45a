import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { taskDialects } from "../src/compose/dialects.ts";
import { manifests } from "../src/compose/providers.ts";

const ROOT = new URL("../", import.meta.url).pathname;

interface SourceFile {
  /** From the root of the repository. */
  path: string;
  text: string;
}

function filesUnder(folder: string): SourceFile[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .filter((path) => !path.includes("/node_modules/") && basename(path) !== ".npmrc");
  return files.toSorted().map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** Types-only imports count too: the transpiler would leave them out. */
const IMPORT =
  /^(?:import|(?:import|export)\s[\w\s{},*$]*?\bfrom)\s+["']([^"'\n]+)["']|\bimport\(\s*["']([^"']+)["']|new URL\(\s*["'](\.[^"']+\.ts)["']/gm;

function importsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** What stands beside the product's own code: unit tests and what they read. */
const isTest = (path: string): boolean => path.endsWith(".test.ts") || path.includes("/fixtures/");

/** Top folder → top folders that its files may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: ["lib"],
  canonical: ["canonical", "lib"],
  dialects: ["canonical", "lib"],
  providers: ["dialects", "canonical", "lib"],
  domain: ["canonical", "lib"],
  stores: ["domain", "canonical", "lib"],
  pipeline: ["pipeline", "domain", "canonical", "lib"],
  ingress: ["ingress", "pipeline", "dialects", "domain", "canonical", "lib"],
  admin: ["admin", "domain", "canonical", "lib"],
  control: ["control", "stores", "pipeline", "domain", "canonical", "lib"],
  cli: ["cli", "control", "ingress", "admin", "stores", "domain", "canonical", "lib"],
  compose: [
    "compose",
    "cli",
    "control",
    "ingress",
    "admin",
    "pipeline",
    "stores",
    "providers",
    "dialects",
    "domain",
    "canonical",
    "lib",
  ],
};
/** Folders whose subfolders do not know each other. */
const APART = new Set(["dialects", "providers", "domain", "stores"]);

const folderOf = (path: string, depth: number): string => path.split("/")[depth] ?? "";

/** What is wrong with one import, or null. `from` and `to` are paths from the root. */
function directionFault(from: string, to: string): string | null {
  const [top, target] = [folderOf(from, 1), folderOf(to, 1)];
  if (!to.startsWith("src/"))
    return to === "package.json" && top === "compose" ? null : `${from} → ${to}: outside of src`;
  if (target === "compose" && top !== "compose") return `${from} → ${to}: nothing imports compose`;
  if (isTest(from)) return null;
  if (isTest(to)) return `${from} → ${to}: a test`;
  if (APART.has(top) && top === target) {
    return folderOf(from, 2) === folderOf(to, 2) ? null : `${from} → ${to}: ${top} do not know each other`;
  }
  return MAY_IMPORT[top]?.includes(target) === true ? null : `${from} → ${to}: ${top} must not import ${target}`;
}

const PACKAGES = new Set(Object.keys(packageJson.dependencies));
const packageOf = (name: string): string =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

function packageFault(from: string, name: string): string | null {
  if (isTest(from) || name.startsWith("node:") || name === "bun" || name.startsWith("bun:")) return null;
  return PACKAGES.has(packageOf(name)) ? null : `${from} → ${name}: no runtime dependency`;
}

function importFaults(file: SourceFile): string[] {
  const faults = importsOf(file).map((name) => {
    if (!name.startsWith(".")) return packageFault(file.path, name);
    if (!/\.(?:ts|json)$/.test(name)) return `${file.path} → ${name}: without its ending`;
    const to = normalize(join(dirname(file.path), name));
    return existsSync(join(ROOT, to)) ? directionFault(file.path, to) : `${file.path} → ${name}: there is no such file`;
  });
  return faults.filter((fault) => fault !== null);
}

const source = filesUnder("src");
const code = source.filter(({ path }) => path.endsWith(".ts"));
/** Makes the catalog from a development dependency; the program does not load it. */
const GENERATOR = "src/domain/catalog/generate.ts";

describe("imports", () => {
  test("all files were seen, with all their imports", () => {
    expect(code.length).toBeGreaterThan(150);
    expect(code.flatMap(importsOf).length).toBeGreaterThan(1000);
    const transpiler = new Bun.Transpiler({ loader: "ts" });
    for (const file of code) {
      const seen = new Set(importsOf(file));
      for (const { path } of transpiler.scanImports(file.text))
        expect(`${file.path} ${seen.has(path)} ${path}`).toBe(`${file.path} true ${path}`);
    }
  });

  test("every top folder has a place in the direction", () => {
    expect(readdirSync(join(ROOT, "src")).toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  test("they go one way", () => {
    const product = code.filter(({ path }) => path !== GENERATOR);
    expect(product.flatMap(importFaults)).toEqual([]);
    const loaded = product.filter(({ path }) => !isTest(path)).flatMap(importsOf);
    expect(loaded.filter((name) => basename(name) === basename(GENERATOR))).toEqual([]);
  });

  test.each([
    ["src/dialects/gemini/x.ts", "src/dialects/openai-chat/wire.ts"],
    ["src/providers/openai/x.ts", "src/providers/demo/models.ts"],
    ["src/domain/route/x.ts", "src/domain/ledger/plan.ts"],
    ["src/domain/route/x.ts", "src/pipeline/run.ts"],
    ["src/pipeline/x.ts", "src/dialects/gemini/wire.ts"],
    ["src/canonical/x.ts", "src/domain/route/data.ts"],
    ["src/lib/x.ts", "src/canonical/json.ts"],
    ["src/ingress/http/x.ts", "src/compose/dialects.ts"],
    ["src/cli/x.test.ts", "src/compose/main.ts"],
    ["src/lib/x.ts", "src/lib/sse.test.ts"],
    ["src/lib/x.ts", "test/gateway/start.ts"],
  ])("the check knows that %s must not import %s", (from, to) => {
    expect(directionFault(from, to)).not.toBeNull();
  });

  test("the check sees every form of an import", () => {
    const text = `import type { A } from "./a.ts";\nimport {\n  b,\n} from "../../b";\nexport * from "./c.ts";\nawait import("left-pad");`;
    const file = { path: "src/lib/x.ts", text };
    expect(importsOf(file)).toEqual(["./a.ts", "../../b", "./c.ts", "left-pad"]);
    expect(importFaults(file)).toHaveLength(4);
  });
});

describe("lists of compose", () => {
  const foldersIn = (folder: string): string[] => readdirSync(join(ROOT, folder)).toSorted();

  test("each dialect's folder stands in the list, in alphabetical order", () => {
    // An older version of an API stands in the folder of the current one.
    const folders = new Set([...taskDialects.keys()].map((name) => name.replace(/-v\d+$/, "")));
    expect([...folders].toSorted()).toEqual(foldersIn("src/dialects"));
  });

  test("each provider's folder stands in the list, in alphabetical order", () => {
    expect(manifests.map(({ name }) => name)).toEqual(foldersIn("src/providers"));
  });
});

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const ANY = /(?:[:<|&,]|\bas|=>)\s*any\b(?=\s*(?:[;,)\]>=|&{[]|$))/m;
const DEFAULT_EXPORT = /^export default\b|\bas default\b/m;
const MAX_LINES = 400;

describe("files", () => {
  test("no default exports", () => {
    expect(code.filter(({ text }) => DEFAULT_EXPORT.test(text)).map(({ path }) => path)).toEqual([]);
    expect(DEFAULT_EXPORT.test("export default function f() {}")).toBe(true);
  });

  test("no any outside of tests", () => {
    const holds = ({ text }: SourceFile): boolean => ANY.test(text.replace(COMMENT, ""));
    expect(code.filter((file) => !isTest(file.path) && holds(file)).map(({ path }) => path)).toEqual([]);
    for (const text of ["let a: any;", "f<any>()", "x as any)", "Map<string, any>", "(a: any[]) => 1"]) {
      expect(holds({ path: "", text })).toBe(true);
    }
    expect(holds({ path: "", text: "// of: any, kind\nconst any = 1;" })).toBe(false);
  });

  test(`none has more than ${MAX_LINES} lines`, () => {
    const files = ["src", "test", "bench", "scripts", "examples"].flatMap(filesUnder);
    const long = files.filter(({ path, text }) => path.endsWith(".ts") && text.split("\n").length > MAX_LINES + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test("names are in kebab-case and say what is inside", () => {
    const paths = ["src", "test", "bench", "scripts", "docs", "examples"].flatMap(filesUnder).map(({ path }) => path);
    const ours = paths.filter((path) => !/\/(?:README|NOTICE)\.md$/.test(path));
    const pieces = new Set(ours.flatMap((path) => path.split("/")));
    expect([...pieces].filter((piece) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(piece))).toEqual([]);
    const vague = /^(?:utils?|helpers?|common|managers?|misc)(?:\.|$)/;
    expect([...pieces].filter((piece) => vague.test(piece))).toEqual([]);
  });
});

describe("what is published", () => {
  const { stdout } = Bun.spawnSync(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  const paths = stdout
    .toString()
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)));
  const tracked = paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "latin1") }));

  /** Written in pieces, so that this file holds none of them. */
  const HOSTS = ["registry", "proxy.golang", "npmmirror", "pythonhosted", "deb.debian"].map((host) =>
    `${host}.`.replaceAll(".", "\\."),
  );
  const REGISTRY = new RegExp(`(?:${HOSTS.join("|")})(?:[a-z0-9-]+\\.)*(?:org|com|io|dev|net)\\b`, "i");
  const MACHINE_PATH = new RegExp(`(?<![\\w./-])/(?:${["work", "home", "root", "Users"].join("|")})/[\\w.-]`);

  test("all tracked files were seen", () => {
    expect(tracked.length).toBeGreaterThan(300);
  });

  test("holds no host of a package registry", () => {
    expect(tracked.filter(({ text }) => REGISTRY.test(text)).map(({ path }) => path)).toEqual([]);
    expect(REGISTRY.test(`https://${["registry", "npmjs", "org"].join(".")}/zod`)).toBe(true);
  });

  test("holds no path of a machine", () => {
    expect(tracked.filter(({ text }) => MACHINE_PATH.test(text)).map(({ path }) => path)).toEqual([]);
    expect(MACHINE_PATH.test(["see ", "home", "somebody"].join("/"))).toBe(true);
  });
});
