import { GatewayError } from "../../../canonical/errors.ts";
import type { JobOperation } from "../../../canonical/names.ts";
import { posted, type Match } from "./endpoint.ts";
import { percentDecoded } from "../../../lib/percent-decode.ts";

const BY_METHOD: Readonly<Record<string, JobOperation>> = { GET: "video_status", DELETE: "video_delete" };

/** Ids hold what is known of a video: it stands nowhere else, and a provider's list is that of all callers. */
function noList(): GatewayError {
  const text = "videos are not listed: keep the ids that POST /videos answers with, and ask about each";
  return new GatewayError("unsupported_operation", text);
}

/**
 * What is asked about a video: `/videos/{id}`, `/videos/{id}/content`, `/videos/{id}/remix`. https://platform.openai.com/docs/api-reference/videos
 */
export function videosMatch(method: string, path: string): Match | null {
  if (path === "/videos" && method === "GET") return { status: "refused", error: noList() };
  const [, root, id = "", action, ...more] = path.split("/");
  if (root !== "videos" || id === "" || more.length > 0) return null;
  const pathJob = percentDecoded(id);
  if (action === "remix") {
    return posted(method, { operation: "video", dialect: "openai", pathModel: null, pathStream: false, pathJob });
  }
  if (action === "content") return asked(method === "GET" ? "video_content" : undefined, "GET", pathJob);
  if (action !== undefined) return null;
  return asked(Object.hasOwn(BY_METHOD, method) ? BY_METHOD[method] : undefined, "GET, DELETE", pathJob);
}

function asked(operation: JobOperation | undefined, allow: string, pathJob: string): Match {
  if (operation === undefined) return { status: "wrong_method", allow };
  const endpoint = { operation, dialect: "openai", pathModel: null, pathStream: false, pathJob } as const;
  return { status: "found", endpoint: { type: "inference", ...endpoint, isBodiless: true } };
}
