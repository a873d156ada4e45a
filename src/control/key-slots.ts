import { KeyHealth } from "../domain/balance/key-health.ts";

/** A process has room for this many provider keys over its life: 1 MiB of shared memory, touched only where used. */
const MOST_KEYS = 65_536;

interface KnownKey {
  slot: number;
  /** SHA-256 of all that decides whether it is accepted. */
  access: string;
}

/** Gives each provider key its place in the shared `KeyHealth`; it keeps the place over reloads while it is sent with the same. */
export class KeySlots {
  readonly memory = KeyHealth.createMemory(MOST_KEYS);
  private readonly known = new Map<string, KnownKey>();
  private count = 0;

  /** `access`: all that decides whether it is accepted. When that changes, what was learnt of it is forgotten. */
  slotOf(provider: string, key: string, access: string): number {
    const id = `${provider}\n${key}`;
    const digest = new Bun.CryptoHasher("sha256").update(access).digest("base64");
    const known = this.known.get(id);
    if (known?.access === digest) return known.slot;
    const slot = this.count % MOST_KEYS;
    this.count += 1;
    this.known.set(id, { slot, access: digest });
    return slot;
  }

  /** All keys of the configuration in force and before it, by `provider` and name. */
  *entries(): Iterable<readonly [provider: string, key: string, slot: number]> {
    for (const [id, { slot }] of this.known) {
      const [provider = "", key = ""] = id.split("\n");
      yield [provider, key, slot];
    }
  }
}
