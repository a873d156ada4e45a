/** Where the figures of one target stand in shared memory, in 32-bit words from the start of its slot. */
export const WORD = {
  inFlight: 0,
  /** Three measures of time, each with the words of `MEASURE`. */
  firstContent: 1,
  whole: 5,
  perToken: 9,
  /** Thousandths of its quota that are used, until when that holds, and when it was read last. */
  quotaUsed: 13,
  quotaUntil: 14,
  quotaReadAt: 15,
  breaker: 16,
  breakerUntil: 17,
  opensInRow: 18,
  failuresInRow: 19,
  opened: 20,
  closed: 21,
  /** Output tokens of about the last minute. */
  usage: 22,
  usageAt: 23,
  /** Of a group instead of a target: whose turn it is. */
  turn: 24,
  limited: 25,
  calls: 26,
  /** What other replicas counted lately, in tenths of calls, and until when that holds. */
  othersCalls: 27,
  othersFailures: 28,
  othersUntil: 29,
  /** The last eight words. */
  window: 40,
} as const;

/** Words of a measure: its averages in microseconds, and when it was measured last. */
export const MEASURE = { peak: 0, current: 1, baseline: 2, at: 3 } as const;

export const SLOT_WORDS = 48;
