import { createHash } from "node:crypto";
import type { Path } from "../path.ts";
import type { VirtualKeyConfig } from "../schema/types.ts";
import type { CheckContext } from "./context.ts";

const PREFIX = "sk-tl-";
/** Keys are stored under a fast hash: shorter ones could be found by trying. */
const LEAST_LENGTH = PREFIX.length + 16;

/** Virtual keys: their values, when they end, and whether they may do anything. */
export function checkVirtualKeys(context: CheckContext): void {
  const owners = new Map<string, string>();
  for (const [at, key] of context.config.governance.virtual_keys.entries()) {
    const path = ["governance", "virtual_keys", at];
    checkValue(context, path, key);
    checkTwin(context, path, key, owners);
    checkUse(context, path, key);
  }
}

function checkValue(context: CheckContext, path: Path, { value, hash, enabled }: VirtualKeyConfig): void {
  if (value === undefined) {
    const remedy = `add value: env.NAME, whose variable holds ${PREFIX} and at least 32 random characters`;
    if (hash === undefined) context.problem(path, "has neither value nor hash", remedy);
    return;
  }
  const place = [...path, "value"];
  if (hash !== undefined) context.problem([...path, "hash"], "stands beside value", "keep one of them");
  const text = value.reveal();
  if (!enabled && text.startsWith("env.")) return;
  if (!text.startsWith(PREFIX)) {
    context.problem(
      place,
      `must start with ${PREFIX}`,
      `put ${PREFIX} in front of the value, here and where it is used`,
    );
  } else if (!/^[\x21-\x7e]+$/.test(text)) {
    context.problem(place, "must be printable ASCII without blanks");
  } else if (text.length < LEAST_LENGTH) {
    context.warn(place, "is short enough to be guessed", `use ${PREFIX} and at least 32 random characters`);
  }
}

function checkTwin(context: CheckContext, path: Path, key: VirtualKeyConfig, owners: Map<string, string>): void {
  const hash = key.hash ?? (key.value && createHash("sha256").update(key.value.reveal()).digest("hex"));
  if (hash === undefined) return;
  const owner = owners.get(hash);
  if (owner === undefined) owners.set(hash, key.name);
  else context.problem([...path, key.hash === undefined ? "value" : "hash"], `is the same key as that of ${owner}`);
}

function checkUse(context: CheckContext, path: Path, key: VirtualKeyConfig): void {
  if (!key.enabled) return;
  if (key.expires_at !== undefined && key.expires_at <= Date.now())
    context.warn([...path, "expires_at"], "lies in the past");
  const profile = context.config.governance.access_profiles.find(({ name }) => name === key.access_profile);
  if (key.provider_configs.length > 0 || (profile?.provider_configs.length ?? 0) > 0) return;
  context.warn(path, "may use no provider", "add provider_configs, or an access_profile that has them");
}
