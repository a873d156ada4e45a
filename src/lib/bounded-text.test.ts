import { expect, test } from "bun:test";
import { readBoundedText } from "./bounded-text.ts";

test("a body of the largest size is read whole, also where pieces cut a character", async () => {
  const bytes = Buffer.from("größe");
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readBoundedText(new Response(pieces), bytes.length)).toBe("größe");
});

test("no body is an empty text", async () => {
  expect(await readBoundedText(new Response(null), 0)).toBe("");
});

test("a body without end is given up at the bound, and its source is told", async () => {
  let pulls = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls += 1;
      controller.enqueue(new Uint8Array(10));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const refusal = await readBoundedText(new Response(endless), 95).catch(String);
  expect(refusal).toContain("it is larger than 95 bytes");
  expect(pulls).toBeLessThan(20);
  expect(isCancelled).toBe(true);
});
