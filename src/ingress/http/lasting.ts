import { cleanQuery } from "../../pipeline/passthrough/clean-path.ts";
import type { Arrival } from "../../pipeline/context.ts";
import type { InferenceEndpoint } from "./endpoints/endpoint.ts";

/** What a request needs that asks for things that outlive it, or is to be made later. */
export function lasting(
  request: Request,
  { service, isAsync, isCompaction = false, operation }: InferenceEndpoint,
  query: string,
): Pick<Arrival, "service" | "isAsync" | "isCompaction" | "path"> | null {
  if (service !== undefined) return { service: { ...service, query, origin: originOf(request) } };
  const isLater = isAsync === true || request.headers.get("x-trunkline-async") === "true";
  if (!isLater && operation !== "responses") return null;
  const { pathname } = new URL(request.url);
  const left = cleanQuery(query, ["key"]);
  const path = isAsync === true ? pathname.replace("/async/", "/") : pathname;
  return { isAsync: isLater, isCompaction, path: left === "" ? path : `${path}?${left}` };
}

/** As the client calls this gateway, also through a proxy that ends TLS. */
export function originOf({ url, headers }: Request): string {
  const { host } = new URL(url);
  return `${headers.get("x-forwarded-proto") === "https" ? "https" : "http"}://${host}`;
}
