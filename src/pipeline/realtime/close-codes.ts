import type { GatewayError, ErrorCode } from "../../canonical/errors.ts";

/** Close codes (RFC 6455, section 7.4.1, and the registry of IANA that it founds). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  noCode: 1005,
  abnormal: 1006,
  invalidData: 1007,
  policy: 1008,
  tooBig: 1009,
  internal: 1011,
  tryAgain: 1013,
  badGateway: 1014,
} as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  invalid_json: CLOSE.invalidData,
  invalid_request: CLOSE.invalidData,
  body_too_large: CLOSE.tooBig,
  draining: CLOSE.goingAway,
  deadline_exceeded: CLOSE.goingAway,
  body_timeout: CLOSE.policy,
  overloaded: CLOSE.tryAgain,
  internal_error: CLOSE.internal,
};

const BY_STATUS: readonly (readonly [least: number, code: number])[] = [
  [500, CLOSE.badGateway],
  [400, CLOSE.policy],
];

/** The close code that tells a client of an error. */
export function closeCodeOf({ code, status }: GatewayError): number {
  return BY_CODE[code] ?? BY_STATUS.find(([least]) => status >= least)?.[1] ?? CLOSE.internal;
}
