import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.mjs";
import { ensureInstalled } from "./install.mjs";

/** Runs the bench; see bench/README.md for what it needs and prints. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
ensureInstalled(root, true);
const { status } = spawnSync(findBun(root), [join(root, "bench", "main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
