/** Unix seconds as ISO 8601 text in UTC; the epoch for what is no time, since providers may say anything. */
export function isoTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
