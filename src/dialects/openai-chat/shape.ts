import type { Extensions } from "../../canonical/content.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ReasoningOptions, ResponseFormat, ToolChoice } from "../../canonical/request.ts";
import { CHAT } from "./wire.ts";

/**
 * How a client spelled what the canonical form says in one way only, so that the same request goes out as it came in.
 * It hangs under a symbol in `extensions`: it is no field of the request, so nobody lists, warns about or stores it.
 * Absent on what other dialects made; encoders then use the spelling that most hosts take.
 */
export interface Shape {
  /** Assistant items: this one begins a wire message although the item before it was the assistant's too. */
  split?: true;
  /** The content was an array although a string would have done. */
  parts?: true;
  /** Fields of the wire message that have no place on an item, or held nothing (`null`, `""`, `[]`). */
  fields?: JsonObject;
  /** The cache marker of the last part, or else of the last tool call, stood on the message. */
  cacheOnMessage?: JsonObject;
  /** `prompt_cache_breakpoint` instead of `cache_control`. */
  breakpoint?: JsonObject;
  /** `function_call` and role `function` instead of tools. */
  legacy?: true;
  /** Content parts: the field of the message that held the part; absent for `content`. */
  field?: "images" | "refusal" | "annotations";
  /** Content parts: the value was a bare string (Mistral `image_url: "https://…"`). */
  bare?: true;
  /** Content parts: a document that came as `file_url`. */
  fileUrl?: true;
}

/** The same for a whole request. */
export interface RequestShape {
  /** Fields as sent, of which `encode-request` knows several spellings. */
  spelling: JsonObject;
  reasoning?: ReasoningOptions;
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
}

const SHAPE = Symbol("wire shape of openai-chat");

interface Shaped<T> extends Extensions {
  [SHAPE]?: T;
}

/** Extensions with these unnamed fields and this shape; nothing when there is neither. */
export function extensionsWith(fields: JsonObject | undefined, shape?: Shape): Extensions | undefined {
  if (fields === undefined && shape === undefined) return undefined;
  const made: Shaped<Shape> = {};
  if (fields !== undefined) made[CHAT] = fields;
  if (shape !== undefined) made[SHAPE] = shape;
  return made;
}

/** Adds to the shape of an item or part, in place. */
export function addShape(carrier: { extensions?: Extensions }, shape: Shape): void {
  const extensions: Shaped<Shape> = (carrier.extensions ??= {});
  extensions[SHAPE] = { ...extensions[SHAPE], ...shape };
}

/** The shape that a decoder of this dialect left, if any. */
export function shapeOf(carrier: { extensions?: Extensions }): Shape | undefined {
  const extensions: Shaped<Shape> | undefined = carrier.extensions;
  return extensions?.[SHAPE];
}

/** The unnamed fields that a decoder of this dialect left, if any. */
export function fieldsOf(carrier: { extensions?: Extensions }): JsonObject | undefined {
  return carrier.extensions?.[CHAT];
}

/** Extensions of a decoded request. */
export function requestExtensions(fields: JsonObject, shape: RequestShape): Extensions {
  const made: Shaped<RequestShape> = { [CHAT]: fields };
  made[SHAPE] = shape;
  return made;
}

/** The shape of a request that came in this dialect; absent on all others. */
export function requestShapeOf(extensions: Extensions): RequestShape | undefined {
  const shaped: Shaped<RequestShape> = extensions;
  return shaped[SHAPE];
}
