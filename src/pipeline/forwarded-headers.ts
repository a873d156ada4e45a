import type { RequestContext } from "./context.ts";
import type { ReadyProvider } from "./provider.ts";

/** The client's headers that go along to a provider of its own dialect. */
export function forwardedHeaders(context: RequestContext, provider: ReadyProvider): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of provider.data.manifest.forwardHeaders) {
    const value = context.arrival.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}
