import { expect, test } from "bun:test";
import packageJson from "../package.json" with { type: "json" };
import sdkPackageJson from "./sdk/package.json" with { type: "json" };

const page = await Bun.file(new URL("../docs/dependencies.md", import.meta.url)).text();
const [runtime = "", development = ""] = page.split("## For tests and development");

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
  const forTests = { ...packageJson.devDependencies, ...sdkPackageJson.dependencies };
  expect(namedIn(development)).toEqual(Object.keys(forTests).toSorted());
});

test("versions are exact", () => {
  const all = { ...packageJson.dependencies, ...packageJson.devDependencies, ...sdkPackageJson.dependencies };
  const versions = Object.values(all);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
