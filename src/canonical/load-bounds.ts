/** Keys of one provider that can have a concurrency of their own. */
export const MOST_LIMITED_KEYS = 95;
/** Requests that can wait for room at one provider. */
export const MOST_WAITING = 10_000;
