import { bedrockErrors } from "../../../dialects/bedrock-text/errors.ts";
import type { RequestContext } from "../../../pipeline/context.ts";
import { openInvoke } from "../open-invoke.ts";
import { posted, type Family, type InferenceEndpoint, type Match } from "./endpoint.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

/**
 * Bedrock's InvokeModel, with and without a stream: the bodies of many vendors' models, below one path.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
 */
export const bedrockInvokeFamily: Family = {
  prefixes: ["/bedrock", ""],
  posts: {},
  rootPaths: ["/model"],
  match: invokeMatch,
};

const START = "/model/";

const WHOLE: Partial<InferenceEndpoint> = { replyHeaders: wholeHeaders };
const STREAM: Partial<InferenceEndpoint> = { framing: "eventstream-chunks", replyHeaders: streamHeaders };

/** What stands behind the model's id. */
const ACTIONS: Readonly<Record<string, { pathStream: boolean; more: Partial<InferenceEndpoint> }>> = {
  invoke: { pathStream: false, more: WHOLE },
  "invoke-with-response-stream": { pathStream: true, more: STREAM },
};

function invokeMatch(method: string, path: string): Match | null {
  const end = path.lastIndexOf("/");
  if (end <= START.length || !path.startsWith(START)) return null;
  const name = path.slice(end + 1);
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) return null;
  return posted(method, {
    operation: "chat",
    dialect: "anthropic-messages",
    pathModel: percentDecoded(path.slice(START.length, end)),
    pathStream: action.pathStream,
    bodyKind: "untyped_json",
    open: openInvoke,
    errors: bedrockErrors,
    ...action.more,
  });
}

function wholeHeaders({ arrival, usage, served }: RequestContext): Record<string, string> {
  const headers: Record<string, string> = { "x-amzn-requestid": arrival.id };
  if (usage === null || served === null) return headers;
  headers["x-amzn-bedrock-input-token-count"] = String(usage.inputTokens);
  if (usage.outputTokens > 0) headers["x-amzn-bedrock-output-token-count"] = String(usage.outputTokens);
  return headers;
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html#API_runtime_InvokeModelWithResponseStream_ResponseSyntax */
function streamHeaders({ arrival, isStreaming }: RequestContext): Record<string, string> {
  const headers: Record<string, string> = { "x-amzn-requestid": arrival.id };
  if (isStreaming) headers["x-amzn-bedrock-content-type"] = "application/json";
  return headers;
}
