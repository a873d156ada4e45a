import { GatewayError } from "../../canonical/errors.ts";
import type { Credential } from "../../canonical/signer.ts";
import { createTokenSigner, type BearerSource } from "../../canonical/token-signer.ts";
import { isTokenUrl } from "../../lib/oauth/index.ts";

/** IBM Cloud IAM: an API key is exchanged for a token, https://cloud.ibm.com/docs/account?topic=account-iamtoken_from_apikey */
export const ibmIam = createTokenSigner("ibm-iam", ibmSource);

/** What the calls of an API key are authorised by. */
export function ibmSource({ value, settings }: Credential): BearerSource {
  if (value === "") throw new GatewayError("upstream_auth", "the IBM Cloud credential is empty");
  const url = `${(settings["iam_url"] ?? "").replace(/\/+$/, "")}/identity/token`;
  if (!isTokenUrl(url)) throw new GatewayError("upstream_auth", "the setting iam_url is no https address");
  const form = { grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: value };
  return { token: { id: JSON.stringify([url, value]), request: () => ({ url, form }) } };
}
