import { describe, expect, test } from "bun:test";
import { FEEDBACK_FIELDS } from "./feedback-fields.ts";
import { answerFeedback, readJsonObject } from "./feedback.ts";

const nobody = (): Promise<never> => Promise.reject(new Error("nothing is kept here"));

/** A body of so many pieces of 64 KiB, and how many of them were read. */
function pieces(count: number) {
  let read = 0;
  const body = new ReadableStream({
    pull(controller) {
      read += 1;
      controller.enqueue(new Uint8Array(65_536).fill(32));
      if (read === count) controller.close();
    },
  });
  return { request: new Request("http://gateway/api/feedback", { method: "POST", body }), read: () => read };
}

describe("the body of feedback", () => {
  test("is read no further than it may be long", async () => {
    const { request, read } = pieces(1000);
    const answer = await readJsonObject(request).catch((error: unknown) => error);
    expect(answer).toMatchObject({ code: "body_too_large" });
    expect(read()).toBeLessThan(10);
  });

  test("is an object of JSON", async () => {
    const read = (body: string): Promise<unknown> =>
      readJsonObject(new Request("http://gateway/", { method: "POST", body })).catch((error: unknown) => error);
    expect(await read('{"request_id":"r"}')).toEqual({ request_id: "r" });
    for (const wrong of ["", "{", "[]", "null"]) expect(await read(wrong)).toMatchObject({ code: "invalid_json" });
  });

  test("is described as it is read", async () => {
    let told = "";
    await answerFeedback({ nonsense: 1 }, nobody).catch((error: Error) => (told = error.message));
    const known = told.replace(/^.*those are /, "").split(", ");
    expect(Object.keys(FEEDBACK_FIELDS).toSorted()).toEqual([...known, "source"].toSorted());
  });
});
