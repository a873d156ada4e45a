import { GatewayError } from "../../canonical/errors.ts";
import type { Credential } from "../../canonical/signer.ts";
import { createTokenSigner, type BearerSource } from "../../canonical/token-signer.ts";
import { isTokenUrl } from "../../lib/oauth/index.ts";

/** Microsoft Entra ID, client credentials: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
export const entra = createTokenSigner("entra", entraSource);

/** What the calls of an application's credential are authorised by. */
export function entraSource({ fields, settings }: Credential): BearerSource {
  const tenant = need(fields, "tenant_id");
  const form = {
    grant_type: "client_credentials",
    client_id: need(fields, "client_id"),
    client_secret: need(fields, "client_secret"),
    scope: need(settings, "scope"),
  };
  const authority = need(settings, "authority").replace(/\/+$/, "");
  const url = `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
  if (!isTokenUrl(url)) throw new GatewayError("upstream_auth", "the setting authority is no https address");
  return { token: { id: JSON.stringify([url, form]), request: () => ({ url, form }) } };
}

function need(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value !== undefined && value !== "") return value;
  throw new GatewayError("upstream_auth", `the Entra credential has no ${name}`);
}
