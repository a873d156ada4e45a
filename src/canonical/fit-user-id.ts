import { createHash } from "node:crypto";
import { warnOnce, type Warning } from "./warning.ts";

/**
 * The id of the caller's end user as a host takes it: as it is where it has the form `taken`, else its SHA-256 in hex, which
 * tells users apart as well. Coding agents send a JSON text of 200 characters and more.
 */
export function fitUserId(id: string, taken: RegExp, warnings: Warning[]): string {
  if (taken.test(id)) return id;
  warnOnce(warnings, "changed_field", "user", "the id of the end user was sent as its hash");
  return createHash("sha256").update(id).digest("hex");
}
