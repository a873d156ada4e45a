/**
 * The number with so many decimals, rounded half to even as C and Go do. JavaScript rounds an exact half up, and only
 * such halves differ.
 */
export function fixedText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text = size >= 1e21 ? wholeText(size, decimals) : toEven(size.toFixed(decimals), isHalf(size, decimals));
  return value < 0 || Object.is(value, -0) ? `-${text}` : text;
}

/** The number as `d.ddde+dd`. */
export function scientificText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits = "", exponent = ""] = value.toExponential(decimals).split("e");
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, "0")}`;
}

function wholeText(value: number, decimals: number): string {
  return decimals === 0 ? BigInt(value).toString() : `${BigInt(value)}.${"0".repeat(decimals)}`;
}

/** True when the value lies exactly between two numbers of so many decimals. */
function isHalf(value: number, decimals: number): boolean {
  if (decimals >= 100) return false;
  const rest = value.toFixed(100).slice(decimals - 100);
  return /^50*$/.test(rest);
}

/** `text` was rounded up from an exact half: an odd last digit goes back down to the even one. */
function toEven(text: string, half: boolean): string {
  const last = Number(text.at(-1));
  return half && last % 2 === 1 ? text.slice(0, -1) + String(last - 1) : text;
}
