import type { Token } from "./token.ts";

const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;

/** The value of an `int`, `uint` or `double` token; undefined when an integer is out of its range. */
export function decodeNumber(token: Token, negative: boolean): bigint | number | undefined {
  if (token.kind === "double") return negative ? -Number(token.text) : Number(token.text);
  const digits = BigInt(token.text.replace(/[uU]$/, ""));
  if (token.kind === "uint") return digits > UINT_MAX ? undefined : digits;
  if (negative) return digits > INT_MAX + 1n ? undefined : -digits;
  return digits > INT_MAX ? undefined : digits;
}
