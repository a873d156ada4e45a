import { serviceMatch } from "./services.ts";
import { modelsMatch, type Family } from "./endpoint.ts";

/** https://docs.anthropic.com/en/api */
export const anthropicFamily: Family = {
  prefixes: ["/anthropic/v1", "/anthropic"],
  posts: {
    "/messages": { operation: "chat", dialect: "anthropic-messages" },
    "/messages/count_tokens": { operation: "count_tokens", dialect: "anthropic-messages" },
  },
  match: (method, path) =>
    (path.startsWith("/messages/batches") ? serviceMatch(method, path) : null) ??
    modelsMatch(method, path, "anthropic-messages"),
};
