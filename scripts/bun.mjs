import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PLATFORM = { linux: "linux", darwin: "darwin", win32: "windows" }[process.platform];
const ARCH = { x64: "x64", arm64: "aarch64" }[process.arch];
const PROGRAM = process.platform === "win32" ? "bun.exe" : "bun";
/** Builds for machines without AVX2 and for musl stand beside the usual one. */
const VARIANTS = ["", "-baseline", "-musl", "-musl-baseline"];

/**
 * Path of the Bun program that npm installed. Where npm did not run install scripts, the package `bun` is empty and its
 * platform package still holds the program.
 */
export function findBun(root) {
  if (process.versions.bun !== undefined) return process.execPath;
  const resolve = createRequire(join(root, "package.json")).resolve;
  for (const variant of VARIANTS) {
    const found = packaged(resolve, `@oven/bun-${PLATFORM}-${ARCH}${variant}`, PROGRAM);
    if (found !== null) return found;
  }
  const own = packaged(resolve, "bun", "bun.exe");
  if (own !== null) return own;
  throw new Error(
    `Bun is not installed for ${process.platform} ${process.arch}: delete node_modules and start again, or install Bun yourself and run it on ${join("src", "compose", "main.ts")}`,
  );
}

function packaged(resolve, name, program) {
  try {
    const path = join(dirname(resolve(`${name}/package.json`)), "bin", program);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
