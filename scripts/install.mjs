import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STAMP = join("node_modules", ".trunkline-installed");

/**
 * Installs what the lock file names, unless that was done before. `withTests` adds what only tests and builds need. A copy that
 * a package manager installed has no lock file, and nothing to do.
 */
export function ensureInstalled(root, withTests) {
  const lock = join(root, "package-lock.json");
  if (!existsSync(lock)) return;
  const wanted = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const [done, extent] = stampOf(root);
  if (done === wanted && (extent === "all" || !withTests)) return;
  console.error(withTests ? "Installing everything that tests need …" : "First start: installing …");
  // Not `npm ci`: it refuses a lock file that lacks builds of optional packages for other platforms.
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...(withTests ? [] : ["--omit=dev"]),
  ];
  const { status, error } = spawnSync("npm", args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm install failed${error === undefined ? "" : `: ${error.message}`}`);
  writeFileSync(join(root, STAMP), `${wanted} ${withTests ? "all" : "program"}\n`);
}

function stampOf(root) {
  const path = join(root, STAMP);
  return existsSync(path) ? readFileSync(path, "utf8").trim().split(" ") : [];
}
