import type { Extensions } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ChatRequest } from "../../canonical/request.ts";
import type { Family } from "./family.ts";
import { DIALECT } from "./wire.ts";

/** What a client's body was like, so that its answer is of the same family, and the body comes out as it came in. */
export interface Shape {
  family: Family;
  /** The fields that hold what is said, as they came. */
  said: JsonObject;
}

const SHAPE = Symbol("wire shape of bedrock-text");

interface Shaped extends Extensions {
  [SHAPE]?: Shape;
}

/** Extensions of a decoded request. */
export function shapedExtensions(fields: JsonObject, shape: Shape): Extensions {
  const made: Shaped = { [DIALECT]: fields };
  made[SHAPE] = shape;
  return made;
}

/** The shape of a request that came in this dialect; undefined for all others. */
export function shapeOf({ extensions }: ChatRequest): Shape | undefined {
  const shaped: Shaped = extensions;
  return shaped[SHAPE];
}
