/** Segments of a path that a model's id with slashes stands for, encoded. It does not climb out of the API's path. */
export function modelSegments(model: string): string[] {
  return model.split("/").filter(isName).map(encodeURIComponent);
}

function isName(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== "..";
}
