import { isJsonObject } from "../canonical/json.ts";
import type { ExperimentUnit } from "../domain/route/data.ts";
import { ownerOf } from "../domain/state/owner.ts";
import type { RequestContext } from "./context.ts";
import { sessionOf } from "./session/session-id.ts";

type UnitOf = (context: RequestContext) => string | null;

/** How a unit is found in a request; null: it has none. */
const UNITS: Readonly<Record<ExperimentUnit, UnitOf>> = {
  request: ({ arrival }) => `request\n${arrival.id}`,
  virtual_key: ({ caller }) => (caller === null ? null : `virtual_key\n${caller.data.name}`),
  user: (context) => endUser(context) ?? keyUser(context),
  session: (context) => session(context),
};

/** What is looked for in turn, from the unit that the experiment names on: a request always has one. */
const NEXT: Readonly<Record<ExperimentUnit, readonly ExperimentUnit[]>> = {
  session: ["session", "user", "virtual_key", "request"],
  user: ["user", "virtual_key", "request"],
  virtual_key: ["virtual_key", "request"],
  request: ["request"],
};

/** What stands for a unit in this request, each team apart. */
export function experimentUnit(context: RequestContext, unit: ExperimentUnit): string {
  for (const each of NEXT[unit]) {
    const found = UNITS[each](context);
    if (found !== null) return found;
  }
  return context.arrival.id;
}

/** The end user that the request names, in any dialect. */
function endUser({ arrival, intent, chatRequest, caller }: RequestContext): string | null {
  const { user, metadata } = arrival.body.json;
  const inMetadata = isJsonObject(metadata) ? metadata["user_id"] : undefined;
  const named = [chatRequest?.endUser, user, inMetadata, intent?.endUser];
  const found = named.find((value): value is string => typeof value === "string" && value !== "");
  return found === undefined ? null : `user\n${ownerOf(caller?.data ?? null)}\n${found}`;
}

function keyUser({ caller }: RequestContext): string | null {
  return caller === null || caller.data.user === null ? null : `user of key\n${caller.data.user}`;
}

function session(context: RequestContext): string | null {
  const found = sessionOf(context);
  return found === null ? null : `session\n${ownerOf(context.caller?.data ?? null)}\n${found.text}`;
}
