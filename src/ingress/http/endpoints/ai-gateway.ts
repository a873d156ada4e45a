import type { Family, ModelsEndpoint } from "./endpoint.ts";

/**
 * What the AI SDK's own gateway provider calls below its `baseURL`; each of its major versions has an address of its own, the
 * model stands in headers (@ai-sdk/gateway 2.0 to 4.0).
 */
function familyAt(prefixes: readonly string[], shape?: ModelsEndpoint["shape"]): Family {
  return {
    prefixes,
    errors: "ai-gateway",
    posts: {
      "/language-model": { operation: "chat", dialect: "ai-gateway" },
      "/embedding-model": { operation: "embeddings", dialect: "ai-gateway" },
    },
    match(method, path) {
      if (path !== "/config") return null;
      if (method !== "GET" && method !== "HEAD") return { status: "wrong_method", allow: "GET" };
      const endpoint = { type: "models", dialect: "ai-gateway", id: null } as const;
      return { status: "found", endpoint: shape === undefined ? endpoint : { ...endpoint, shape } };
    },
  };
}

export const aiGatewayFamilies: readonly Family[] = [
  familyAt(["/v1/ai", "/v2/ai"], "ai-gateway-v2"),
  familyAt(["/v3/ai"]),
  familyAt(["/v4/ai"], "ai-gateway-v4"),
];
