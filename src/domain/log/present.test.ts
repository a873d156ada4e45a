import { expect, test } from "bun:test";
import { sampleRecord } from "../journal/fixtures/record.ts";
import { presentRecord } from "./present.ts";

test("times are text, money is dollars, the ledger's bookkeeping stays inside", () => {
  const presented = presentRecord(sampleRecord());
  expect(presented.time).toBe("2026-09-21T14:13:20.000Z");
  expect(presented.cost_usd).toBe(0.00045);
  expect(Object.keys(presented)).not.toContain("cost_nano_usd");
  expect(Object.keys(presented)).not.toContain("charges");
  expect(presented).toMatchObject({
    id: "req_1",
    virtual_key: "app-1",
    cached_input_tokens: 40,
    first_content_ms: 210.25,
  });
});

test("an unknown cost is null, a known one of nothing is zero", () => {
  expect(presentRecord(sampleRecord({ cost_nano_usd: null })).cost_usd).toBeNull();
  expect(presentRecord(sampleRecord({ cost_nano_usd: 0 })).cost_usd).toBe(0);
});

test("dollars are printed to the nano-dollar without rounding errors", () => {
  for (const nano of [1, 3, 7, 100_000_003, 300_000_000, 1_100_000_001, 123_456_789_012_345]) {
    const printed = JSON.parse(JSON.stringify(presentRecord(sampleRecord({ cost_nano_usd: nano }))));
    expect((printed as { cost_usd: number }).cost_usd.toFixed(9)).toBe(
      `${Math.floor(nano / 1e9)}.${String(nano % 1e9).padStart(9, "0")}`,
    );
  }
});

test("a time that no date can hold does not keep the record from being shown", () => {
  expect(presentRecord(sampleRecord({ time: 1e300 })).time).toBe("1970-01-01T00:00:00.000Z");
});
