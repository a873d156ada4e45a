import type { ClassSource } from "../../canonical/classification.ts";
import type { GatewayError } from "../../canonical/errors.ts";
import type { Outcome } from "../../canonical/names.ts";
import type { RequestContext } from "../context.ts";

/** A label, and how sure it is. */
export interface Found {
  label: string;
  /** From 0 to 1. */
  score: number;
  source: ClassSource;
}

/** One question to a classifier that has to ask elsewhere. */
export interface Inquiry {
  readonly context: RequestContext;
  /** Of the last user message. */
  readonly text: string;
}

/**
 * What a failure says of those that are asked: they are out of order; they answered, and this text alone has no label; nothing,
 * since they were not asked. What one caller can bring about must not count against all others.
 */
export type FailureKind = "outage" | "answered" | "unasked";

const OUTAGES: ReadonlySet<Outcome> = new Set([
  "upstream_failed",
  "upstream_truncated",
  "upstream_stalled",
  "provider_protocol_error",
  "deadline_exceeded",
]);

/** Why a classifier found no label: goes into the trace, holds nothing of the request. */
export class ClassFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, reason: string) {
    super(reason);
    this.kind = kind;
  }

  /** Of an own call that failed. */
  static of({ code, outcome }: GatewayError): ClassFailure {
    if (OUTAGES.has(outcome)) return new ClassFailure("outage", code);
    return new ClassFailure(outcome === "upstream_rejected" ? "answered" : "unasked", code);
  }
}

/** How a classifier that asks elsewhere finds its label. Rejects with a `ClassFailure`. */
export interface RemoteMethod {
  ask(inquiry: Inquiry): Promise<Found>;
}
