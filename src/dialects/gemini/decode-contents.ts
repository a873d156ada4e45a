import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Item } from "../../canonical/request.ts";
import { createCallIds, REQUEST_PREFIX, type CallIds } from "./call-ids.ts";
import { decodeItems } from "./decode-items.ts";
import { groupOf, type Group } from "./groups.ts";
import { joinTexts } from "./join-texts.ts";
import { joinThoughts } from "./join-thoughts.ts";
import { camelFields, readList, readString, restOf } from "./read.ts";
import { CONTENT_FIELDS } from "./wire.ts";

/** `function` and `tool` are older roles of function responses. */
const ROLES = new Set(["user", "model", "function", "tool", "system"]);
const PARTS_TAKEN = new Set(["parts"]);

interface State {
  items: Item[];
  ids: CallIds;
  /** What the encoder would see before the next item. */
  group: Group | undefined;
}

/**
 * Decodes `contents` into items. Where the encoder's default rule (see `groupOf`) would cut the contents otherwise
 * than the wire did, the first item of a content is marked, so that the same contents come out again.
 * Throws `invalid_request` for what is not a content.
 */
export function decodeContents(contents: Json | undefined, items: Item[]): void {
  const state: State = { items, ids: createCallIds(REQUEST_PREFIX), group: undefined };
  for (const [index, content] of listOf(contents).entries()) decodeContent(content, `contents[${index}]`, state);
  joinThoughts(items);
  joinTexts(items);
}

/** `contents` is a list; the shorthands of the SDKs (one content, one string) are taken too. */
function listOf(contents: Json | undefined): Json[] {
  if (contents === undefined || contents === null) return [];
  if (Array.isArray(contents)) return contents;
  if (typeof contents === "string") return [{ role: "user", parts: [{ text: contents }] }];
  if (isJsonObject(contents)) return [contents];
  throw invalid("contents", "must be a list of contents");
}

function invalid(param: string, problem: string): GatewayError {
  return new GatewayError("invalid_request", `${param} ${problem}`, { param });
}

function decodeContent(wire: Json, path: string, state: State): void {
  if (!isJsonObject(wire)) throw invalid(path, "must be an object with role and parts");
  const content = camelFields(wire, CONTENT_FIELDS);
  const parts = partsOf(content, path);
  const role = readString(content, "role");
  if (role !== undefined && !ROLES.has(role.toLowerCase())) throw invalid(`${path}.role`, "must be user or model");
  const first = state.items.length;
  decodeItems(parts, role?.toLowerCase() === "model" ? "assistant" : "user", state.ids, state.items);
  if (state.items.length === first) pushEmpty(content, role, state);
  else markContent(restOf(content, PARTS_TAKEN) ?? {}, first, state);
  if (role === "system") markSystem(state.items, first);
}

/** A content without parts, as a model leaves it that used up its tokens on thinking; kept as it is. */
function pushEmpty(content: JsonObject, role: string | undefined, state: State): void {
  const assistant = role === "model";
  state.items.push({
    type: "message",
    role: assistant ? "assistant" : "user",
    content: [],
    extensions: { gemini: { content: { ...content } } },
  });
  state.group = assistant ? "model" : "user";
}

function partsOf(content: JsonObject, path: string): Json[] {
  const parts = readList(content, "parts");
  if (parts !== undefined) {
    const odd = parts.findIndex((part) => !isJsonObject(part));
    if (odd >= 0) throw invalid(`${path}.parts[${odd}]`, "must be an object");
    return parts;
  }
  if (content.parts === undefined || content.parts === null) return [];
  // One part in place of the list is a shorthand that the REST API has long taken.
  if (isJsonObject(content.parts)) return [content.parts];
  throw invalid(`${path}.parts`, "must be a list of parts");
}

/** The API has no system role inside `contents`, but others do; the mark keeps it in place for the API to judge. */
function markSystem(items: Item[], first: number): void {
  for (const item of items.slice(first)) if (item.type === "message") item.role = "system";
}

function markContent(fields: JsonObject, first: number, state: State): void {
  for (let index = first; index < state.items.length; index += 1) {
    const item = state.items[index];
    if (item === undefined) continue;
    const group = groupOf(item);
    const opens = index === first;
    const fits = opens ? group !== state.group && hasDefaultFields(fields, group) : group === state.group;
    if (!fits) mark(item, opens ? "content" : "joined", opens ? fields : true);
    state.group = group;
  }
}

function hasDefaultFields(fields: JsonObject, group: Group): boolean {
  const keys = Object.keys(fields);
  return keys.length === 1 && fields.role === (group === "model" ? "model" : "user") && group !== "system";
}

function mark(item: Item, key: "content" | "joined", value: JsonObject | true): void {
  if (item.type === "opaque") item.value[key] = value;
  else item.extensions = { ...item.extensions, gemini: { ...item.extensions?.gemini, [key]: value } };
}
