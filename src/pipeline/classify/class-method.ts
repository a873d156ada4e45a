import type { ClassSource } from "../../canonical/classification.ts";
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

/** Why a classifier found no label: goes into the trace, holds nothing of the request. */
export class ClassFailure extends Error {}

/** How a classifier that asks elsewhere finds its label. Rejects with a `ClassFailure`. */
export interface RemoteMethod {
  ask(inquiry: Inquiry): Promise<Found>;
}
