/** A server: scheme, host and port. */
export interface Origin {
  protocol: "http:" | "https:";
  /** Without the brackets of an IPv6 literal. */
  hostname: string;
  port: number;
  /** Value of the `host` header: the port is left out when it is the scheme's own. */
  host: string;
  /** Equal for equal origins. */
  key: string;
}

const DEFAULT_PORTS = { "http:": 80, "https:": 443 };

/** The origin of an absolute URL; path and query are ignored. Throws `TypeError` unless it is http(s) without user info. */
export function parseOrigin(url: string): Origin {
  const parsed = URL.parse(url);
  if (parsed === null) throw new TypeError("not an absolute URL");
  const { protocol, hostname, port, host, username, password } = parsed;
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(`URL scheme "${protocol}" is not http or https`);
  if (username !== "" || password !== "") throw new TypeError("a URL with user name or password is not supported");
  return {
    protocol,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: port === "" ? DEFAULT_PORTS[protocol] : Number(port),
    host,
    key: `${protocol}//${host}`,
  };
}
