import type { JsonObject } from "../../canonical/json.ts";

/** Gateways whose request extensions are read. */
export type ForeignGateway = "bifrost" | "cloudflare" | "litellm" | "openrouter" | "portkey" | "vercel";

/** One place to try, as an extension names it. */
export interface IntentTarget {
  /** A model string; or a bare model with the provider beside it. Absent: the model that was asked for. */
  model?: string;
  provider?: string;
  /** Name of a provider key. */
  key?: string;
  weight: number;
}

/** What a request wants of routing, whichever gateway's extension it used to say so. */
export interface RoutingIntent {
  /** Places in place of the one that the model names, drawn by weight; empty: the model decides. */
  targets: IntentTarget[];
  /** Places to try afterwards, in order; null: those of the configuration. */
  fallbacks: IntentTarget[] | null;
  /** Where a bare model name is to be served. */
  provider: string | null;
  /** Name of the provider key to use. */
  key: string | null;
  /** Providers to try first, in this order. */
  order: string[];
  /** The only providers that may serve; null: all. */
  only: string[] | null;
  ignore: string[];
  allowFallbacks: boolean;
  sort: "price" | "throughput" | "latency" | null;
  /** US dollars per million tokens. */
  maxPrice: { input?: number; output?: number } | null;
  /** Every parameter must be taken by the target: what would become a warning is an error. */
  isStrict: boolean;
  /** The answer is to say why it came from where it came. */
  explains: boolean;
  maxRetries: number | null;
  /** For the whole request, milliseconds. */
  timeoutMs: number | null;
  firstByteTimeoutMs: number | null;
  /** Answered by the gateway itself with this text. */
  mockResponse: string | null;
  /** For rules and the record; beside the body's own `metadata`. */
  metadata: JsonObject;
  tags: string[];
  endUser: string | null;
  /** Fields of the body that are ours and do not go on, by the gateway whose extension they are. */
  taken: { field: string; gateway: ForeignGateway | "trunkline" }[];
  /** Parameters to set over the body's own (Portkey `override_params`). */
  overrides: JsonObject;
  /** Wishes that are not honoured here. */
  unmet: { gateway: ForeignGateway; field: string; message: string }[];
}

/** An intent that asks for nothing. */
export function emptyIntent(): RoutingIntent {
  return {
    targets: [],
    fallbacks: null,
    provider: null,
    key: null,
    order: [],
    only: null,
    ignore: [],
    allowFallbacks: true,
    sort: null,
    maxPrice: null,
    isStrict: false,
    explains: false,
    maxRetries: null,
    timeoutMs: null,
    firstByteTimeoutMs: null,
    mockResponse: null,
    metadata: {},
    tags: [],
    endUser: null,
    taken: [],
    overrides: {},
    unmet: [],
  };
}
