import { GatewayError } from "../../canonical/errors.ts";
import type { Credential, Signer, UnsignedCall } from "../../canonical/signer.ts";
import { signV4 } from "../../lib/sigv4.ts";

/** The name of the service within signatures: that of the API's endpoints for models too. */
const SERVICE = "bedrock";

/** Headers that are signed beside `host` and those of AWS; what a proxy may change on the way is not. */
const SIGNED = /^(?:content-type|x-amz-.*|x-amzn-.*)$/;

/** Signs calls with the parts of an AWS key. */
export const awsSigV4: Signer = { name: "aws-sigv4", sign };

function sign(call: UnsignedCall, { fields, settings }: Credential, now: number): Record<string, string> {
  const {
    access_key_id: accessKeyId = "",
    secret_access_key: secretAccessKey = "",
    session_token: token = "",
  } = fields;
  const region = settings["region"] ?? "";
  // A provider that needs no key, such as a stand-in for the vendor's own, gets none.
  if (accessKeyId === "" && secretAccessKey === "") return {};
  if (accessKeyId === "" || secretAccessKey === "" || region === "")
    throw new GatewayError("upstream_auth", "the AWS credential or its region is incomplete");
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => SIGNED.test(name)));
  const key = { accessKeyId, secretAccessKey, ...(token !== "" && { sessionToken: token }) };
  return signV4({ ...call, headers }, key, { region, service: SERVICE }, now);
}
