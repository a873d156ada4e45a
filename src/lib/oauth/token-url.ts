const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** True for an address that a credential may be sent to: encrypted, or on this machine. */
export function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
}
