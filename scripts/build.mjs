import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.mjs";
import { ensureInstalled } from "./install.mjs";

/** Makes one executable for this machine's platform, `dist/trunkline` or the file named: `npm run build [-- FILE]`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = resolve(process.argv[2] ?? join(root, "dist", "trunkline"));
/** Each thread's program is an entry of its own; workers find theirs inside the executable. */
const entries = ["main.ts", "data-thread.ts"].map((name) => join(root, "src", "compose", name));
/** Source maps stand inside the executable; it obeys its own options only, whatever `bunfig.toml` lies where it starts. */
const options = ["--compile", "--keep-names", "--sourcemap=inline", "--no-compile-autoload-bunfig"];

ensureInstalled(root, false);
mkdirSync(dirname(outfile), { recursive: true });
/** Beside its place, so that it takes it in one step, also while an older one runs, and leaves no copies of the maps. */
const folder = mkdtempSync(join(dirname(outfile), ".build-"));
try {
  build();
} finally {
  rmSync(folder, { recursive: true });
}

function build() {
  const args = ["build", ...options, `--outfile=${join(folder, "trunkline")}`, ...entries];
  const { status } = spawnSync(findBun(root), args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  process.exitCode = status ?? 1;
  if (status !== 0) return;
  const made = readdirSync(folder).find((name) => /^trunkline(?:\.exe)?$/.test(name));
  if (made === undefined) throw new Error("the build left no executable");
  renameSync(join(folder, made), outfile);
  console.log(`made ${outfile}`);
}
