import { GatewayError, type ErrorFields } from "../canonical/errors.ts";
import type { Call } from "./call.ts";

/** Shorter values than this are no secrets, and would tear holes into plain words. */
const LEAST_SECRET = 8;
const MASK = "***";

/**
 * The error of an upstream without the credentials that it knows: providers quote them, and the error reaches the client and
 * the record.
 */
export function conceal(error: GatewayError, call: Pick<Call, "provider" | "authorization">): GatewayError {
  const secrets = secretsOf(call);
  const text = JSON.stringify([error.message, error.fields]);
  if (!secrets.some((secret) => text.includes(escaped(secret)))) return error;
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(escaped(secret), MASK);
  const [message, fields] = JSON.parse(clean) as [string, ErrorFields];
  return new GatewayError(error.code, message, fields);
}

/** The bytes of an upstream's error without the credentials that it knows. */
export function maskSecrets(bytes: Buffer, call: Pick<Call, "provider" | "authorization">): Buffer {
  const text = bytes.toString("latin1");
  let clean = text;
  for (const secret of secretsOf(call)) clean = clean.replaceAll(secret, MASK).replaceAll(escaped(secret), MASK);
  return clean === text ? bytes : Buffer.from(clean, "latin1");
}

function secretsOf({ provider, authorization }: Pick<Call, "provider" | "authorization">): string[] {
  const { keys, headers } = provider.data;
  const known = [...keys.flatMap(({ value, fields }) => [value, ...Object.values(fields)]), ...Object.values(headers)];
  for (const value of Object.values(authorization)) known.push(value.replace(/^Bearer /, ""));
  const secrets = known.filter((value) => value.length >= LEAST_SECRET).flatMap(spellings);
  // One that another begins with would leave the rest of that one standing.
  return secrets.sort((one, other) => other.length - one.length);
}

/** As it is, and as it stands in an address or in a JSON text that is quoted. */
function spellings(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  if (encoded === secret) return [secret];
  return [secret, escaped(secret), encoded, encoded.replaceAll(/%../g, (escape) => escape.toLowerCase())];
}

/** As it stands within a JSON text. */
function escaped(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}
