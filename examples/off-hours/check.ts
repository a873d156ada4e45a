import assert from "node:assert/strict";
import { chat } from "../chat.ts";

/** Whether it is night or weekend in Berlin. */
function isOffHours(): boolean {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Berlin",
    hour: "2-digit",
    hourCycle: "h23",
    weekday: "short",
  });
  const parts = new Map(format.formatToParts(new Date()).map(({ type, value }) => [type, value]));
  const hour = Number(parts.get("hour"));
  return hour >= 20 || hour < 7 || ["Sat", "Sun"].includes(parts.get("weekday") ?? "");
}

/** Compares with the time of day; around a full hour either answer is right. */
export async function check(url: string): Promise<void> {
  const before = isOffHours();
  const answer = await chat(url, { model: "demo/demo-fast", max_tokens: 5 });
  const after = isOffHours();
  assert.equal(answer.status, 200, answer.error.message);
  const wasOff = answer.header("route") === "rule=at night and on weekends";
  assert.equal(answer.header("model"), wasOff ? "demo-smart" : "demo-fast");
  assert.ok(wasOff === before || wasOff === after);
}
