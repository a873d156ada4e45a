const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** What frames the message or belongs to the connection, and is written by the client itself. */
const OWN = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
]);

/**
 * The header block of a request, a line each (RFC 9112, section 5). Throws `TypeError` naming the header, never its value,
 * for a name that is no token, a value with a line end, another control character or one outside Latin-1, and for headers
 * that the client writes itself.
 */
export function renderHeaders(headers: Readonly<Record<string, string>>): string {
  let block = "";
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) throw new TypeError(`header name ${JSON.stringify(name)} is not a token`);
    if (OWN.has(name.toLowerCase())) throw new TypeError(`header "${name}" is set by the HTTP client`);
    if (FORBIDDEN_IN_VALUE.test(value)) {
      throw new TypeError(`header "${name}" has a control character or one outside Latin-1 in its value`);
    }
    block += `${name}: ${value}\r\n`;
  }
  return block;
}
