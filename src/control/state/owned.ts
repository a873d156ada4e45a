import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { KeptObject, ObjectKind, StateStore } from "../../domain/state/port.ts";

const WORDS: Record<ObjectKind, string> = {
  file: "file",
  batch: "batch",
  conversation: "conversation",
  message_batch: "message batch",
};

/** An object of this owner; throws `not_found` for those of others as for none. */
export function owned(store: StateStore, owner: string, kind: ObjectKind, id: Json | undefined): KeptObject {
  const object = typeof id === "string" ? store.object(kind, id) : null;
  if (object !== null && object.owner === owner) return object;
  throw new GatewayError("not_found", `no such ${WORDS[kind]}: ${JSON.stringify(id ?? null).slice(0, 100)}`);
}

/** The body of an object. */
export function bodyOf({ body }: KeptObject): JsonObject {
  const json: unknown = JSON.parse(body);
  return isJsonObject(json) ? json : {};
}

/** A page of a list: how many, and after which. */
export interface Page {
  limit: number;
  after: string | null;
}

/** Reads `limit` and `after` (Anthropic: `after_id`); throws `invalid_request`. */
export function pageOf(query: JsonObject, most: number, usual: number): Page {
  const { limit: asked } = query;
  const limit = asked === undefined ? usual : Number(asked);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new GatewayError("invalid_request", `'limit' must be a whole number from 1 to ${most}`, { param: "limit" });
  }
  const after = query["after"] ?? query["after_id"];
  return { limit, after: typeof after === "string" ? after : null };
}
