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

/**
 * In a group of its own: a terminal's Ctrl-C would reach it directly too, and the second of two signals ends at once. What
 * `launch` starts draws on the terminal: it needs the group that the terminal knows.
 */
function run(bun) {
  const args = [join(root, "src", "compose", "main.ts"), ...process.argv.slice(2)];
  const isOfTerminal = process.argv[2] === "launch" && process.stdin.isTTY;
  const child = spawn(bun, args, { stdio: "inherit", detached: process.platform !== "win32" && !isOfTerminal });
  const watch = process.env.npm_lifecycle_event === undefined ? undefined : watchShell(child);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGHUP") clearInterval(watch);
      if (signal !== "SIGINT" || !isOfTerminal) child.kill(signal);
    });
  }
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

/** npm hands a signal to the shell that it runs scripts with; the shell dies of it and keeps it to itself. */
function watchShell(child) {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, 200);
  return timer;
}
