import { createHash } from "node:crypto";

/** Every virtual key starts like this; anything else in a credential header is somebody else's key or a placeholder. */
export const VIRTUAL_KEY_PREFIX = "sk-tl-";

/** SHA-256 of a virtual key as hex. Keys are random and long, so no slow hash is needed. */
export function hashVirtualKey(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** A provider that a virtual key may use. */
export interface ProviderGrant {
  provider: string;
  weight: number;
  /** Globs; `*` alone admits every model. */
  allowedModels: string[];
}

/** A virtual key as the snapshot carries it. */
export interface VirtualKeyData {
  id: string;
  name: string;
  /** SHA-256, hex. */
  hash: string;
  team: string | null;
  customer: string | null;
  user: string | null;
  tags: Record<string, string>;
  enabled: boolean;
  /** Unix milliseconds. */
  expiresAt: number | null;
  /** Only these providers may be used. */
  grants: ProviderGrant[];
}

export type Identified<Key> = { status: "found"; key: Key } | { status: "none" | "unknown" | "disabled" | "expired" };

/** Keys that were presented lately are found without hashing them again; past this many the memory starts anew. */
const MAX_RECENT = 4096;

/** Finds virtual keys by the hash of what a caller presented. */
export class VirtualKeyIndex<Key extends { data: VirtualKeyData }> {
  private readonly byHash = new Map<string, Key>();
  private readonly byId = new Map<string, Key>();
  private readonly recent = new Map<string, Key>();

  constructor(keys: Iterable<Key>) {
    for (const key of keys) {
      this.byHash.set(key.data.hash, key);
      this.byId.set(key.data.id, key);
    }
  }

  get size(): number {
    return this.byHash.size;
  }

  /** `none` when nothing that looks like a virtual key was presented. */
  find(presented: string | null, now: number): Identified<Key> {
    if (presented === null) return { status: "none" };
    return this.checked(this.recent.get(presented) ?? this.look(presented), now);
  }

  /** By the key's id, for a caller that was vouched for. */
  findById(id: string, now: number): Identified<Key> {
    return this.checked(this.byId.get(id), now);
  }

  private checked(key: Key | undefined, now: number): Identified<Key> {
    if (key === undefined) return { status: "unknown" };
    if (!key.data.enabled) return { status: "disabled" };
    if (key.data.expiresAt !== null && key.data.expiresAt <= now) return { status: "expired" };
    return { status: "found", key };
  }

  /** Only good keys are remembered: wrong ones cannot fill the memory. */
  private look(presented: string): Key | undefined {
    const key = this.byHash.get(hashVirtualKey(presented));
    if (key === undefined) return undefined;
    if (this.recent.size >= MAX_RECENT) this.recent.clear();
    this.recent.set(presented, key);
    return key;
  }
}
