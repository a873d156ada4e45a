import { posted, type Family, type Letter, type ModelsEndpoint, type Opened } from "./endpoint.ts";

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
      "/reranking-model": { operation: "rerank", dialect: "ai-gateway" },
      "/speech-model": { operation: "speech", dialect: "ai-gateway" },
      "/transcription-model": { operation: "transcription", dialect: "ai-gateway" },
    },
    match(method, path) {
      if (path === "/image-model")
        return posted(method, { ...IMAGE, pathModel: null, pathStream: false, open: openImage });
      if (path !== "/config") return null;
      if (method !== "GET" && method !== "HEAD") return { status: "wrong_method", allow: "GET" };
      const endpoint = { type: "models", dialect: "ai-gateway", id: null } as const;
      return { status: "found", endpoint: shape === undefined ? endpoint : { ...endpoint, shape } };
    },
  };
}

const IMAGE = { operation: "image", dialect: "ai-gateway" } as const;

/** Only the body tells whether images go in. */
function openImage({ body, headers }: Letter): Opened {
  const { files } = body.json;
  const isEdit = Array.isArray(files) && files.length > 0;
  return { ...IMAGE, ...(isEdit && { operation: "image_edit" }), body, headers };
}

export const aiGatewayFamilies: readonly Family[] = [
  familyAt(["/v1/ai", "/v2/ai"], "ai-gateway-v2"),
  familyAt(["/v3/ai"]),
  familyAt(["/v4/ai"], "ai-gateway-v4"),
];
