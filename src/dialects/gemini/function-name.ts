/** Names that begin as Gemini wants it. */
const ACCEPTED = /^[a-zA-Z_]/;
const PREFIX = "tl_name_";

/**
 * The name of a function as Gemini takes it: it must begin with a letter or an underscore (`FunctionDeclaration.name` in the
 * typings), which other vendors do not ask for.
 */
export function wireName(name: string): string {
  return name === "" || ACCEPTED.test(name) ? name : PREFIX + name;
}

/** Reverses `wireName`. */
export function plainName(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
