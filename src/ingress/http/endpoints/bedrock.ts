import type { PipelineOperation } from "../../../pipeline/stages.ts";
import { posted, type Family, type Match } from "./endpoint.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

/** What stands behind `model/{modelId}/`. */
const METHODS: Readonly<Record<string, { operation: PipelineOperation; isStream: boolean }>> = {
  converse: { operation: "chat", isStream: false },
  "converse-stream": { operation: "chat", isStream: true },
  "count-tokens": { operation: "count_tokens", isStream: false },
};

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html */
export const bedrockFamily: Family = {
  prefixes: ["", "/bedrock"],
  posts: {},
  rootPaths: ["/model"],
  match: converseMatch,
};

const MODEL = "/model/";

/** `model/{modelId}/method`; ids are percent-encoded, and those that hold a slash are taken as they are too. */
function converseMatch(method: string, path: string): Match | null {
  const end = path.lastIndexOf("/");
  if (!path.startsWith(MODEL) || end <= MODEL.length) return null;
  const name = path.slice(end + 1);
  const found = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (found === undefined) return null;
  const pathModel = percentDecoded(path.slice(MODEL.length, end));
  return posted(method, {
    operation: found.operation,
    dialect: "bedrock-converse",
    pathModel,
    pathStream: found.isStream,
  });
}
