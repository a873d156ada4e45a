/** Resolves once the thread has looked at what else there is to do: between steps of work that would hold up others. */
export function othersServed(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
