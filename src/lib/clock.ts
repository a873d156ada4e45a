/** Where time comes from, so that tests can turn it. */
export interface Clock {
  /** Unix milliseconds; may jump. For dates, windows and periods. */
  wall(): number;
  /** Milliseconds that never go back. For durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};
