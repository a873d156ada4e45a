import { modelsMatch, type Family } from "./endpoint.ts";

/** The second version of Cohere's API (https://docs.cohere.com/reference/chat), also at the root. */
export const cohereFamily: Family = {
  prefixes: ["/v2", "/cohere/v2"],
  posts: {
    "/chat": { operation: "chat", dialect: "cohere" },
    "/embed": { operation: "embeddings", dialect: "cohere" },
    "/rerank": { operation: "rerank", dialect: "cohere" },
  },
};

/** What Cohere's SDKs use of the first version (https://docs.cohere.com/v1/reference/embed) beside the list of models. */
export const cohereV1Family: Family = {
  prefixes: ["/cohere/v1"],
  posts: {
    "/embed": { operation: "embeddings", dialect: "cohere-v1" },
    "/rerank": { operation: "rerank", dialect: "cohere-v1" },
  },
  match: (method, path) => modelsMatch(method, path, "cohere"),
};
