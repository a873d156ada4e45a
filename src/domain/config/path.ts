/** A place in the config: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** The place as text, such as `providers.openai.keys[0].value`. */
export function printPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** The value at a place; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let found = root;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
