import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.mjs";
import { ensureInstalled } from "./install.mjs";

/** Runs one of the repository's TypeScript programs under Bun, with all that tests need installed: `node scripts/run.mjs FILE [ARGS]`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file, ...args] = process.argv.slice(2);
ensureInstalled(root, true);
const { status } = spawnSync(findBun(root), [join(root, file), ...args], { stdio: "inherit" });
process.exit(status ?? 1);
