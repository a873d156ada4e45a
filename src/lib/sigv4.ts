import { createHash, createHmac } from "node:crypto";
import { percentDecoded } from "./percent-decode.ts";

/** A key of an AWS account. */
export interface AwsKey {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string;
}

/** What is signed for. */
export interface AwsScope {
  region: string;
  service: string;
}

/** A request as it will be sent. */
export interface SignableRequest {
  method: string;
  host: string;
  /** With its query, percent-encoded. */
  path: string;
  /** Those to sign; lower-case names, without `host` and those that signing adds. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * The headers that sign a request with AWS Signature Version 4 in its usual form, where each segment of the path is encoded
 * once more (all services but S3): https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
 * `now`: Unix milliseconds. The session token is signed too.
 */
export function signV4(
  request: SignableRequest,
  key: AwsKey,
  { region, service }: AwsScope,
  now: number,
): Record<string, string> {
  const time = amzTime(now);
  const added: Record<string, string> = { "x-amz-date": time };
  if (key.sessionToken !== undefined) added["x-amz-security-token"] = key.sessionToken;
  const signed = { ...request.headers, ...added, host: request.host };
  const names = Object.keys(signed).toSorted().join(";");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, time, scope, sha256(canonicalRequest(request, signed, names))].join("\n");
  const signature = hmac(signingKey(key.secretAccessKey, time.slice(0, 8), region, service), text).toString("hex");
  const credential = `${ALGORITHM} Credential=${key.accessKeyId}/${scope}`;
  return { ...added, authorization: `${credential}, SignedHeaders=${names}, Signature=${signature}` };
}

/** `20150830T123600Z` */
function amzTime(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** The text whose hash is signed. */
export function canonicalRequest(
  { method, path, body }: SignableRequest,
  headers: Readonly<Record<string, string>>,
  names: string,
): string {
  const queryStart = path.indexOf("?");
  const plain = queryStart < 0 ? path : path.slice(0, queryStart);
  const query = queryStart < 0 ? "" : path.slice(queryStart + 1);
  const lines = names.split(";").map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  return [method, canonicalPath(plain), canonicalQuery(query), lines.join(""), names, sha256(body)].join("\n");
}

/** Without dot segments and doubled slashes, each segment encoded once more. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const isOpen = segments.length > 0 && path.endsWith("/");
  return encoded(`/${segments.join("/")}${isOpen ? "/" : ""}`).replaceAll("%2F", "/");
}

/** Parameters in the order of their encoded names, then values. */
function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return `${encoded(percentDecoded(name))}=${encoded(percentDecoded(value.join("=")))}`;
  });
  return pairs.toSorted().join("&");
}

/** All but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Changes once a day: the last one is kept for each secret, region and service. */
const keys = new Map<string, { date: string; key: Buffer }>();
const MOST_KEYS = 1000;

function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  const name = `${service}\n${region}\n${secret}`;
  const known = keys.get(name);
  if (known?.date === date) return known.key;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request");
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, { date, key });
  return key;
}
