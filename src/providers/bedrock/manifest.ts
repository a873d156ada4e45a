import { defineProvider } from "../../canonical/provider.ts";
import { INVOKE_HEADERS, INVOKE_WIRES } from "./invoke-wires.ts";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/welcome.html */
export const bedrock = defineProvider({
  name: "bedrock",
  aliases: ["aws-bedrock", "amazon-bedrock"],
  title: "Amazon Bedrock",
  docs: "https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html",
  // https://docs.aws.amazon.com/general/latest/gr/bedrock.html
  baseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
  // https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html
  auth: { type: "signed", signer: "aws-sigv4", plain: { type: "bearer" } },
  headers: {},
  // What is translated goes to Converse, which stands first.
  wires: [{ dialect: "bedrock-converse", operations: ["chat", "count_tokens"] }, ...INVOKE_WIRES],
  vendorOf: ["bedrock-converse", "bedrock-text"],
  forwardHeaders: INVOKE_HEADERS,
  keyVariables: ["AWS_BEARER_TOKEN_BEDROCK"],
  // https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
  settings: [
    {
      name: "region",
      description: "AWS region of the endpoint and of the signature, such as us-east-1",
      variables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    },
  ],
  credentials: [
    {
      name: "access_key_id",
      description: "Access key id of an IAM user or role",
      variables: ["AWS_ACCESS_KEY_ID"],
      required: true,
    },
    {
      name: "secret_access_key",
      description: "Its secret",
      variables: ["AWS_SECRET_ACCESS_KEY"],
      required: true,
    },
    {
      name: "session_token",
      description: "Session token of temporary credentials",
      variables: ["AWS_SESSION_TOKEN"],
      required: false,
    },
  ],
});
