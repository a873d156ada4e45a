import { expect, test } from "bun:test";
import { finishedSegments, nameSegment, readSegmentName } from "./segment.ts";

test("names sort by creation, and say what they hold", () => {
  const older = nameSegment(999_999_999_999, "zz9", 12, 30);
  const newer = nameSegment(1_700_000_000_000, "aa1", 2, 4);
  expect([newer.name, older.name].toSorted()).toEqual([older.name, newer.name]);
  expect(readSegmentName(newer.name)).toEqual(newer);
  expect(readSegmentName(nameSegment(1_700_000_000_000, "b", 123_456, 123_456_789).name)?.sequence).toBe(123_456_789);
});

test.each(["lock", "lock-journal", "x.ndjson", "1700000000000-a-0001-00000001.ndjson.bak", "", "../1"])(
  "%p is no segment",
  (name) => {
    expect(readSegmentName(name)).toBeNull();
  },
);

test.each(["", "a-b", "A", "a/b", "../x"])("boot %p is refused", (boot) => {
  expect(() => nameSegment(1, boot, 0, 0)).toThrow(TypeError);
});

test("what is finished: dead boots, and all but the newest segment of each live thread", () => {
  const segments = [
    nameSegment(1, "dead", 0, 0),
    nameSegment(2, "dead", 0, 9),
    nameSegment(3, "live", 0, 0),
    nameSegment(4, "live", 1, 0),
    // The clock stepped back: the sequence counts, not the time.
    nameSegment(1, "live", 0, 1),
  ];
  const finished = finishedSegments(segments, "live");
  expect(segments.map((segment) => finished.has(segment.name))).toEqual([true, true, true, false, false]);
});
