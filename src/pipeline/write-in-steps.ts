import { othersServed } from "../lib/others-served.ts";
import { jsonInSteps, textInSteps } from "../lib/stepwise-json/stepwise-bytes.ts";
import type { RequestContext } from "./context.ts";
import type { Prepared } from "./prepared.ts";

/** Bodies of so many bytes are read and written in steps, and other requests served in between. */
export const IN_STEPS = 1024 * 1024;

/** Whether the client's body is so large that what is made of it is written in steps. */
export function isWrittenInSteps({ arrival }: RequestContext): boolean {
  return arrival.bodyLength >= IN_STEPS;
}

/** Makes a prepared request's body the bytes that will be sent. */
export async function writeInSteps(prepared: Prepared): Promise<void> {
  const { body, unwritten } = prepared;
  if (unwritten !== undefined) prepared.body = await gathered(jsonInSteps(unwritten));
  else if (typeof body === "string") prepared.body = await gathered(textInSteps(body));
  delete prepared.unwritten;
}

async function gathered(steps: Iterable<Buffer>): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for (const piece of steps) {
    pieces.push(piece);
    await othersServed();
  }
  return Buffer.concat(pieces);
}
