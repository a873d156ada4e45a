import { expect, test } from "bun:test";
import packageJson from "../package.json" with { type: "json" };
import sdkJson from "./sdk/package.json" with { type: "json" };

const page = await Bun.file(new URL("../docs/dependencies.md", import.meta.url)).text();
const [runtime = "", rest = ""] = page.split("## For tests and development");
const [development = "", sdks = ""] = rest.split("In a package of their own");

/** Names in the first cell of a table's rows. */
function namedIn(text: string): string[] {
  const cells = text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|")[1] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "")).toSorted();
}

test("every dependency stands in docs/dependencies.md with its reason, and no other", () => {
  expect(namedIn(runtime)).toEqual(Object.keys(packageJson.dependencies).toSorted());
  expect(namedIn(development)).toEqual(Object.keys(packageJson.devDependencies).toSorted());
  expect(namedIn(sdks)).toEqual(Object.keys(sdkJson.dependencies).toSorted());
});

test("versions are exact", () => {
  const versions = Object.values({
    ...packageJson.dependencies,
    ...packageJson.devDependencies,
    ...sdkJson.dependencies,
  });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
