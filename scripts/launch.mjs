#!/usr/bin/env node
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.mjs";
import { ensureInstalled } from "./install.mjs";

/** Starts the program under Bun, with the arguments as they are; signals go through, and its exit code comes back. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
try {
  ensureInstalled(root, false);
  run(findBun(root));
} catch (error) {
  console.error(`trunkline: ${error.message}`);
  process.exit(1);
}

function run(bun) {
  const child = spawn(bun, [join(root, "src", "compose", "main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
