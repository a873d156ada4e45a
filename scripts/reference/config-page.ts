import { configJsonSchema } from "../../src/domain/config/index.ts";
import { CONFIG_OPTIONS } from "../../src/domain/config/options.ts";
import { code, page, table } from "./table.ts";

/** The parts of JSON Schema that the config file's schema uses. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  const?: string | number;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  "x-reference"?: boolean;
}

interface Section {
  path: string;
  node: Node;
}

const LEAD = `The config file is YAML or JSON: \`trunkline.yaml\` in the working directory, or the file that \`--config\` names. Unknown keys are
errors, and every problem is reported with its line. \`trunkline config check FILE\` checks a file without starting anything;
[config.schema.json](config.schema.json) is the same form as JSON Schema (draft 2020-12) for editors.

Keys in **bold** are required. Where it says *reference*, \`env.NAME\` stands for the environment variable \`NAME\`.`;

/** The reference page of the config file. */
export function configPage(): string {
  const root = configJsonSchema() as Node;
  const sections = sectionsOf(root);
  const blocks = sections.map(
    ({ path, node }) => `## ${path === "" ? "Top level" : code(path)}\n\n${keysOf(node, sections)}`,
  );
  return page("Config file", LEAD, ...blocks, optionsBlock());
}

/** Objects by their path, each form once: a form that comes again is linked to its first place. */
function sectionsOf(root: Node): Section[] {
  const sections: Section[] = [];
  const visit = (path: string, node: Node): void => {
    const object = objectOf(node);
    if (object === null) return;
    if (object.properties !== undefined) {
      if (sections.some((known) => isSameForm(known.node, object))) return;
      sections.push({ path, node: object });
    }
    for (const [step, child] of childrenOf(object))
      visit(path === "" ? step : `${path}${step.startsWith("[") ? "" : "."}${step}`, child);
  };
  visit("", root);
  return sections;
}

/** The object that a node is, holds as its list's items, or has among its alternatives. */
function objectOf(node: Node): Node | null {
  if (node.anyOf !== undefined) return node.anyOf.map(objectOf).find((found) => found !== null) ?? null;
  return node.type === "object" || node.type === "array" ? node : null;
}

function childrenOf(node: Node): [string, Node][] {
  const named = Object.entries(node.properties ?? {});
  if (node.items !== undefined) named.push(["[]", node.items]);
  if (typeof node.additionalProperties === "object") named.push(["NAME", node.additionalProperties]);
  return named;
}

function isSameForm(one: Node, other: Node): boolean {
  return JSON.stringify(one.properties) === JSON.stringify(other.properties);
}

function keysOf(node: Node, sections: readonly Section[]): string {
  const rows = Object.entries(node.properties ?? {}).map(([key, child]) => {
    const name = node.required?.includes(key) === true ? `**${code(key)}**` : code(key);
    return [
      name,
      typeOf(child, sections),
      defaultOf(child),
      `${child.description ?? ""}${isReference(child) ? " *Reference.*" : ""}`,
    ];
  });
  return table(["key", "type", "default", "meaning"], rows);
}

/** A mapping counts when its values do. */
function isReference({ "x-reference": mark, additionalProperties: values }: Node): boolean {
  return mark === true || (typeof values === "object" && values["x-reference"] === true);
}

function typeOf(node: Node, sections: readonly Section[]): string {
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map((each) => typeOf(each, sections)))].join(" or ");
  if (node.const !== undefined) return code(String(node.const));
  if (node.enum !== undefined) return node.enum.map(code).join(", ");
  if (node.type === "array") return `list of ${plural(typeOf(node.items ?? {}, sections))}`;
  if (node.type === "object") return objectType(node, sections);
  if (node.type === "integer" || node.type === "number")
    return `${node.type === "integer" ? "whole number" : "number"}${rangeOf(node)}`;
  if (node.format === "date" || node.format === "date-time") return node.format;
  if (node.format === "uri") return "URL";
  return node.type === "boolean" ? "`true`, `false`" : "text";
}

function plural(type: string): string {
  return type === "text" ? "texts" : type;
}

function objectType(node: Node, sections: readonly Section[]): string {
  const { additionalProperties: values } = node;
  if (node.properties === undefined)
    return `mapping of names to ${typeof values === "object" ? typeOf(values, sections) : "anything"}`;
  const place = sections.find((section) => isSameForm(section.node, node))?.path ?? "";
  return `[${code(place)}](#${anchorOf(place)})`;
}

/** As GitHub makes anchors of headings. */
function anchorOf(path: string): string {
  return path.toLowerCase().replace(/[^\w\- ]/g, "");
}

function rangeOf({ minimum, maximum }: Node): string {
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? "" : figure(minimum);
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? "" : figure(maximum);
  if (least === "" && most === "") return "";
  return least === "" ? ` up to ${most}` : most === "" ? ` from ${least}` : ` ${least} to ${most}`;
}

function figure(value: number): string {
  return value.toLocaleString("en-US");
}

function defaultOf(node: Node): string {
  const { default: value } = node;
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return value === undefined || isEmpty ? "" : code(typeof value === "string" ? value : JSON.stringify(value));
}

function optionsBlock(): string {
  const rows = Object.values(CONFIG_OPTIONS).map(({ flag, variable, path }) => [
    code(flag),
    code(variable),
    path === null ? "the config file itself" : code(path.join(".")),
  ]);
  const lead = `A flag beats a variable, a variable the file, the file the default. An empty variable counts as not set.
The variable \`TRUNKLINE_ADMIN_TOKEN\` stands in place of \`access.admin_token\`; it has no flag.`;
  return `## Flags and variables\n\n${lead}\n\n${table(["flag", "variable", "sets"], rows)}`;
}
