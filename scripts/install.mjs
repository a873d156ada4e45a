import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STAMP = join("node_modules", ".trunkline-installed");
/** SDKs that only tests need have a package of their own: nobody who starts the program waits for them. */
const TEST_SDKS = join("test", "sdk");

/**
 * Installs what the lock file names, unless that was done before. `withTests` adds what only tests and builds need. A copy that
 * a package manager installed has no lock file, and nothing to do.
 */
export function ensureInstalled(root, withTests) {
  install(root, withTests, withTests ? "Installing everything that tests need …" : "First start: installing …");
  if (withTests) install(join(root, TEST_SDKS), true, "Installing the SDKs that tests need …");
}

function install(folder, withDevelopment, announcement) {
  const lock = join(folder, "package-lock.json");
  if (!existsSync(lock)) return;
  const wanted = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const [done, extent] = stampOf(folder);
  if (done === wanted && (extent === "all" || !withDevelopment)) return;
  console.error(announcement);
  // Not `npm ci`: it refuses a lock file that lacks builds of optional packages for other platforms.
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...(withDevelopment ? [] : ["--omit=dev"]),
  ];
  const { status, error } = spawnSync("npm", args, {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm install failed${error === undefined ? "" : `: ${error.message}`}`);
  writeFileSync(join(folder, STAMP), `${wanted} ${withDevelopment ? "all" : "program"}\n`);
}

function stampOf(folder) {
  const path = join(folder, STAMP);
  return existsSync(path) ? readFileSync(path, "utf8").trim().split(" ") : [];
}
