import { createHmac, timingSafeEqual } from "node:crypto";
import { GatewayError } from "../canonical/errors.ts";
import type { Target } from "../domain/route/data.ts";
import type { Call } from "./call.ts";
import type { RequestContext } from "./context.ts";
import type { ReadyKey } from "./provider-key.ts";

/** Bytes of the seal. */
const SEAL_LENGTH = 16;
const PREFIX = "video_";

/** A job, and where it runs. */
export interface Job {
  target: Target;
  /** As the provider knows it. */
  id: string;
  /** Unix seconds. */
  begunAt: number;
}

/**
 * The id that the client gets for a provider's job. It leads back to provider, key and model without being stored anywhere,
 * and is good for the same virtual key only: it is sealed with the provider key's credential (where there is none, with a
 * secret of this process, so that such jobs are lost with it). A credential that is exchanged takes its unfinished jobs along.
 */
export function sealJob(context: RequestContext, { target, key }: Call, id: string): string {
  const begunAt = context.call.jobBegunAt ?? Math.floor(context.arrival.wall / 1000);
  const text = JSON.stringify([target.provider, key.data.name, target.model, id, begunAt]);
  return PREFIX + Buffer.concat([sealOf(context, key, text), Buffer.from(text)]).toString("base64url");
}

/** The job behind an id; throws `not_found` for one that is not this caller's. */
export function openJob(context: RequestContext, sealed: string): Job {
  const bytes = Buffer.from(sealed.startsWith(PREFIX) ? sealed.slice(PREFIX.length) : "", "base64url");
  const text = bytes.toString("utf8", SEAL_LENGTH);
  const parts = partsOf(text);
  if (parts === null) throw unknownJob();
  const [provider, keyName, model, id, begunAt] = parts;
  const key = context.snapshot.providers.get(provider)?.keys.find(({ data }) => data.name === keyName);
  if (key === undefined || !timingSafeEqual(sealOf(context, key, text), bytes.subarray(0, SEAL_LENGTH)))
    throw unknownJob();
  return { target: { provider, model, key: keyName }, id, begunAt };
}

function sealOf(context: RequestContext, key: ReadyKey, text: string): Buffer {
  const { value, fields } = key.credential;
  const hasCredential = value !== "" || Object.keys(fields).length > 0;
  const secret = hasCredential ? JSON.stringify([value, fields]) : context.snapshot.data.jobSecret;
  const caller = context.caller?.data.id ?? "";
  const seal = createHmac("sha256", secret).update(`job\0${caller}\0`).update(text).digest();
  return seal.subarray(0, SEAL_LENGTH);
}

type Parts = [provider: string, key: string, model: string, id: string, begunAt: number];

function partsOf(text: string): Parts | null {
  try {
    const parts: unknown = JSON.parse(text);
    return isParts(parts) ? parts : null;
  } catch {
    return null;
  }
}

function isParts(value: unknown): value is Parts {
  if (!Array.isArray(value) || value.length !== 5) return false;
  return value.slice(0, 4).every((each) => typeof each === "string") && typeof value[4] === "number";
}

function unknownJob(): GatewayError {
  return new GatewayError("not_found", "no such job, or not one of this virtual key", { param: "video_id" });
}
