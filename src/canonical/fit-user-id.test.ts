import { expect, test } from "bun:test";
import { fitUserId } from "./fit-user-id.ts";
import type { Warning } from "./warning.ts";

test("an id that is taken stays; others become a hash of their own, with a warning", () => {
  const warnings: Warning[] = [];
  const fit = (id: string): string => fitUserId(id, /^\w{1,8}$/, warnings);
  expect(fit("user_1")).toBe("user_1");
  expect(warnings).toEqual([]);
  expect(fit("a@b.example")).toMatch(/^[0-9a-f]{64}$/);
  expect(fit("a@b.example")).toBe(fit("a@b.example"));
  expect(fit("a@b.example")).not.toBe(fit("c@b.example"));
  expect(warnings).toMatchObject([{ code: "changed_field", field: "user" }]);
});
