import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import { take, type Walk } from "./schema-walk.ts";

/** Lists whose entries add up. */
const LISTS: ReadonlySet<string> = new Set(["required", "allOf"]);
/** What one entry says in words stands for all. */
const WORDS: ReadonlySet<string> = new Set(["description", "title"]);

/** A schema with the entries of its `allOf` laid over it; what contradicts the schema, or an earlier entry, is reported. */
export function mergeAllOf(schema: JsonObject, walk: Walk): JsonObject {
  const { allOf, ...merged } = schema;
  const merge = new Merge(merged, walk);
  for (const entry of Array.isArray(allOf) ? allOf : []) if (isJsonObject(entry)) merge.add(resolved(entry, walk));
  return merge.whole();
}

function resolved(entry: JsonObject, walk: Walk): JsonObject {
  const name = entry.$ref;
  const target = typeof name === "string" ? take(name, walk) : undefined;
  if (target === undefined) return entry;
  const { $ref: _, ...beside } = entry;
  return { ...target, ...beside };
}

/** Grows in place: there may be thousands of entries. */
class Merge {
  private readonly merged: JsonObject;
  private readonly walk: Walk;
  private readonly lists = new Map<string, Set<Json>>();
  private properties: Map<string, Json | undefined> | undefined;

  constructor(merged: JsonObject, walk: Walk) {
    this.merged = merged;
    this.walk = walk;
  }

  add(entry: JsonObject): void {
    for (const [key, value] of Object.entries(entry)) {
      if (key === "__proto__") continue;
      const before = this.merged[key];
      if (before === undefined) this.merged[key] = value;
      else if (key === "properties" && isJsonObject(before) && isJsonObject(value)) this.addProperties(before, value);
      else if (LISTS.has(key) && Array.isArray(before) && Array.isArray(value)) this.addEntries(key, before, value);
      else if (!WORDS.has(key) && !Bun.deepEquals(before, value))
        this.walk.report(`one ${key} of an allOf was left out`);
    }
  }

  whole(): JsonObject {
    for (const [key, entries] of this.lists) this.merged[key] = [...entries];
    if (this.properties !== undefined) this.merged.properties = Object.fromEntries(this.properties);
    return this.merged;
  }

  private addProperties(before: JsonObject, more: JsonObject): void {
    const all = (this.properties ??= new Map(Object.entries(before)));
    for (const [name, value] of Object.entries(more)) if (!all.has(name)) all.set(name, value);
  }

  private addEntries(key: string, before: Json[], more: Json[]): void {
    let all = this.lists.get(key);
    if (all === undefined) this.lists.set(key, (all = new Set(before)));
    for (const entry of more) all.add(entry);
  }
}
