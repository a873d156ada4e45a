import type { Command } from "./command.ts";

/** Prints the version. */
export function createVersionCommand(version: string): Command {
  return {
    name: "version",
    summary: "Print the version.",
    usage: "Usage: trunkline version",
    run: ({ print }) => {
      print(`trunkline ${version} (bun ${process.versions.bun})`);
      return 0;
    },
  };
}
