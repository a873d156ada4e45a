/**
 * Whether the arguments of a call are none: no text, or what PHP and R write for an object without fields (`[]`), or `null`.
 * Wires that take arguments as an object take them as an empty one.
 */
export function isNoArguments(text: string): boolean {
  const said = text.trim();
  return said === "" || said === "null" || /^\[\s*\]$/.test(said);
}
