import { GatewayError } from "./errors.ts";

/**
 * Segments of a path that a model's id with slashes stands for, encoded. Throws `invalid_request` for one that could climb out
 * of the API's path, or be another model by a second name.
 */
export function modelSegments(model: string): string[] {
  const segments = model.split("/");
  if (segments.every(isName)) return segments.map(encodeURIComponent);
  throw new GatewayError("invalid_request", "the model's id holds empty or dot segments", { param: "model" });
}

function isName(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== "..";
}
