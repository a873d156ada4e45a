import { readFileSync } from "node:fs";
import { GatewayError } from "../../canonical/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { Credential } from "../../canonical/signer.ts";

/** A credential of Google's, as its client libraries know them. */
export type GoogleCredential =
  | { type: "token"; token: string }
  | { type: "service_account"; email: string; privateKey: string; keyId?: string; tokenUri?: string }
  | {
      type: "authorized_user";
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      /** Project that the calls are counted for. */
      quotaProject?: string;
    };

/**
 * Reads a credential: the JSON of a service account or of an authorized user (application default credentials), the path of
 * a file that holds it, a service account in parts, or a ready access token. Throws `upstream_auth` for others.
 */
export function readCredential({ value, fields }: Credential): GoogleCredential {
  const text = value.trim();
  if (text.startsWith("{")) return readJson(text);
  if (text.startsWith("/") || text.endsWith(".json")) return readJson(readFile(text));
  if (text.startsWith("AIza"))
    throw refused("is an API key: the provider `vertex-express` takes those, `vertex` needs an account");
  if (text !== "") return { type: "token", token: text };
  return serviceAccount({ ...fields, token_uri: null });
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw refused("names a file that cannot be read");
  }
}

function readJson(text: string): GoogleCredential {
  const body = parse(text);
  const type = body["type"];
  if (type === "service_account") return serviceAccount(body);
  if (type === "authorized_user") return authorizedUser(body);
  throw refused("is neither of type service_account nor authorized_user");
}

function parse(text: string): JsonObject {
  try {
    const parsed: Json = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // Told below: the parser's own message may quote the secret.
  }
  throw refused("is no JSON object");
}

function serviceAccount(body: JsonObject): GoogleCredential {
  const { private_key_id: keyId, token_uri: tokenUri } = body;
  return {
    type: "service_account",
    email: need(body, "client_email"),
    // Line breaks often arrive as two characters when the key comes from the environment.
    privateKey: need(body, "private_key").replaceAll("\\n", "\n"),
    ...(typeof keyId === "string" && { keyId }),
    ...(typeof tokenUri === "string" && { tokenUri }),
  };
}

function authorizedUser(body: JsonObject): GoogleCredential {
  const { quota_project_id: quotaProject } = body;
  return {
    type: "authorized_user",
    clientId: need(body, "client_id"),
    clientSecret: need(body, "client_secret"),
    refreshToken: need(body, "refresh_token"),
    ...(typeof quotaProject === "string" && { quotaProject }),
  };
}

function need(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === "string" && value !== "") return value;
  throw refused(`has no ${name}`);
}

function refused(what: string): GatewayError {
  return new GatewayError("upstream_auth", `the Google credential ${what}`);
}
