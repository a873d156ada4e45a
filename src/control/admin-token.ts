import { randomBytes } from "node:crypto";
import type { AdminTokenStore } from "../stores/sqlite/admin-tokens.ts";

export interface AdminTokensOptions {
  store: AdminTokenStore;
  /** The token that variables or configuration state; null: none. */
  stated: () => string | null;
  hash: (token: string) => Uint8Array;
}

/** Who may use the management API: the stated token where there is one, else those of the store. */
export class AdminTokens {
  private readonly options: AdminTokensOptions;

  constructor(options: AdminTokensOptions) {
    this.options = options;
  }

  /** Makes a token where there is none at all; returns it, to be shown once. */
  ensure(): string | null {
    const { store, stated, hash } = this.options;
    if (stated() !== null || store.adminTokenHashes(Date.now()).length > 0) return null;
    const token = `sk-tl-admin-${randomBytes(24).toString("base64url")}`;
    store.addAdminToken("first start", hash(token), Date.now());
    return token;
  }

  hashes(): readonly Uint8Array[] {
    const { store, stated, hash } = this.options;
    const token = stated();
    return token === null ? store.adminTokenHashes(Date.now()) : [hash(token)];
  }
}
