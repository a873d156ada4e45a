import { modelsMatch, type Family } from "./endpoint.ts";

/** The second version of Cohere's API (https://docs.cohere.com/reference/chat), also at the root. */
export const cohereFamily: Family = {
  prefixes: ["/v2", "/cohere/v2"],
  posts: { "/chat": { operation: "chat", dialect: "cohere" } },
};

/** What Cohere's SDKs use of the first version: the list of models (https://docs.cohere.com/reference/list-models). */
export const cohereV1Family: Family = {
  prefixes: ["/cohere/v1"],
  posts: {},
  match: (method, path) => modelsMatch(method, path, "cohere"),
};
