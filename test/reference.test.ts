import { expect, test } from "bun:test";
import { REFERENCE_FOLDER, referencePages } from "../scripts/reference.ts";

const pages = await referencePages();

test.each([...pages.keys()])("docs/reference/%s is what the code says; else run `npm run reference`", async (name) => {
  expect(await Bun.file(REFERENCE_FOLDER + name).text()).toBe(pages.get(name) ?? "");
});
