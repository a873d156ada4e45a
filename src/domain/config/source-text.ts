import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { printPath, type Path } from "./path.ts";
import { parsePlainJson } from "./plain-json.ts";

/** A position in a text, both from 1. */
export interface Position {
  line: number;
  column: number;
}

export interface TextFault {
  path: Path;
  position: Position | null;
  message: string;
  remedy?: string;
}

/** A parsed config text: its value, and where each part of it stands. */
export interface SourceText {
  value: unknown;
  faults: TextFault[];
  /** The position of a place's key, or of the nearest place above it that stands in the text. */
  locate(path: Path): Position | null;
}

const MAX_LENGTH = 64 * 1024 * 1024;
const MAX_DEPTH = 40;
/** Nodes, with aliases counted as often as they are used: so many, or one for every four characters of a long text. */
const MAX_NODES = 500_000;
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses YAML 1.2 or JSON. Duplicate keys, keys that are no text, `__proto__` and its like, tags, more than one document, and
 * texts that grow beyond measure by their aliases are faults, not exceptions. Merge keys (`<<`) are followed.
 */
export function parseSource(text: string): SourceText {
  if (text.length > MAX_LENGTH) return failed(`the text is longer than ${MAX_LENGTH} characters`);
  const value = parsePlainJson(text, MAX_DEPTH, FORBIDDEN_KEYS);
  if (value === undefined) return parseYaml(text);
  let source: SourceText | null = null;
  return { value, faults: [], locate: (path) => (source ??= parseYaml(text)).locate(path) };
}

function parseYaml(text: string): SourceText {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "core", merge: false });
    return new Reader(document, lines, Math.max(MAX_NODES, text.length / 4)).read();
  } catch (error) {
    if (error instanceof RangeError) return failed("the text is nested too deeply");
    throw error;
  }
}

function failed(message: string): SourceText {
  return { value: {}, faults: [{ path: [], position: null, message }], locate: () => null };
}

const YAML_FAULTS: Record<string, string> = {
  ALIAS_PROPS: "an alias cannot have an anchor or tag",
  BAD_INDENT: "the indentation does not fit its surroundings",
  DUPLICATE_KEY: "this key stands twice",
  MISSING_CHAR: "a character such as a colon, quote or bracket is missing",
  MULTIPLE_DOCS: "the text holds more than one document",
  TAB_AS_INDENT: "tabs cannot indent; use spaces",
  BLOCK_AS_IMPLICIT_KEY: "a block cannot stand here; is the indentation right?",
  UNEXPECTED_TOKEN: "this cannot stand here; is a quote or the indentation missing?",
};

class Reader {
  private readonly document: Document.Parsed;
  private readonly lines: LineCounter;
  private readonly faults: TextFault[] = [];
  private readonly positions = new Map<string, Position>();
  /** By name, the last one so far: what an alias stands for. */
  private readonly anchors = new Map<string, Node>();
  /** How many aliases deep the reading is. */
  private expanding = 0;
  private nodes = 0;

  private readonly mostNodes: number;

  constructor(document: Document.Parsed, lines: LineCounter, mostNodes: number) {
    this.document = document;
    this.lines = lines;
    this.mostNodes = mostNodes;
  }

  read(): SourceText {
    for (const error of [...this.document.errors, ...this.document.warnings]) this.report(error);
    const value = this.faults.length > 0 ? {} : (this.decode(this.document.contents, [], 0) ?? {});
    return { value, faults: this.faults, locate: (path) => this.locate(path) };
  }

  /** The parser's own texts may quote the source, and with it a credential: they are not passed on. */
  private report(error: YAMLError): void {
    const message = YAML_FAULTS[error.code] ?? `the text is not valid YAML (${error.code})`;
    this.faults.push({ path: [], position: this.positionOf(error.pos[0]), message });
  }

  private decode(node: Node | null, path: Path, depth: number): unknown {
    this.nodes += 1;
    if (this.nodes > this.mostNodes || depth > MAX_DEPTH) return this.giveUp(path, node);
    if (node === null) return null;
    if (isAlias(node)) return this.decodeAlias(this.anchors.get(node.source) ?? null, path, depth);
    if (node.anchor !== undefined && this.expanding === 0) this.anchors.set(node.anchor, node);
    if (isMap(node)) return this.decodeMap(node, path, depth);
    if (isSeq(node)) return node.items.map((item, at) => this.decodeItem(item as Node | null, [...path, at], depth));
    return isScalar(node) ? node.value : null;
  }

  private decodeAlias(target: Node | null, path: Path, depth: number): unknown {
    this.expanding += 1;
    const value = this.decode(target, path, depth + 1);
    this.expanding -= 1;
    return value;
  }

  private decodeItem(node: Node | null, path: Path, depth: number): unknown {
    this.mark(path, node);
    return this.decode(node, path, depth + 1);
  }

  private decodeMap(node: YAMLMap, path: Path, depth: number): Record<string, unknown> {
    const merged: Record<string, unknown> = {};
    const own: Record<string, unknown> = {};
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      const name = this.keyOf(key, path);
      if (name === undefined) continue;
      if (name === "<<") {
        this.merge(merged, this.decode(value, path, depth + 1));
        continue;
      }
      const place = [...path, name];
      this.mark(place, key);
      own[name] = this.decode(value, place, depth + 1);
    }
    return { ...merged, ...own };
  }

  private merge(into: Record<string, unknown>, value: unknown): void {
    for (const each of Array.isArray(value) ? value.toReversed() : [value]) {
      if (typeof each === "object" && each !== null && !Array.isArray(each)) Object.assign(into, each);
    }
  }

  private keyOf(key: Node, path: Path): string | undefined {
    const value = isAlias(key) ? this.decode(key, path, 0) : isScalar(key) ? key.value : undefined;
    if (typeof value === "string" && !FORBIDDEN_KEYS.has(value)) return value;
    const message = typeof value === "string" ? `the key ${value} is not allowed` : "keys must be text";
    const remedy = typeof value === "string" ? "choose another name" : 'put the key in quotes, such as "1":';
    this.faults.push({ path, position: this.positionOf(key.range?.[0]), message, remedy });
    return undefined;
  }

  /** Says it once; what is left is not read. */
  private giveUp(path: Path, node: Node | null): undefined {
    if (this.nodes !== Infinity) {
      const message = "the text is nested too deeply, or grows too large by its aliases";
      this.faults.push({ path, position: this.positionOf(node?.range?.[0]), message });
    }
    this.nodes = Infinity;
    return undefined;
  }

  private mark(path: Path, node: Node | null): void {
    const position = this.positionOf(node?.range?.[0]);
    if (position !== null) this.positions.set(printPath(path), position);
  }

  private positionOf(offset: number | undefined): Position | null {
    if (offset === undefined) return null;
    const { line, col } = this.lines.linePos(offset);
    return line === 0 ? null : { line, column: col };
  }

  private locate(path: Path): Position | null {
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.positions.get(printPath(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return null;
  }
}
