import type { ProviderManifest } from "../../canonical/provider.ts";

/** Time and size bounds towards one provider. */
export interface NetworkData {
  connectTimeoutMs: number;
  /** From the request written to the head of the response; on streams also until the first event. */
  firstByteTimeoutMs: number;
  /** Between two chunks of a response. */
  idleTimeoutMs: number;
  /** Further calls to the same target after one failed. */
  maxRetries: number;
  backoffInitialMs: number;
  backoffMaxMs: number;
  maxResponseBytes: number;
  /** PEM text of certificate authorities to trust instead of the system's; null: the system's. */
  ca: string | null;
}

/** A provider as the snapshot carries it: its manifest with the operator's settings laid over. */
export interface ProviderData {
  name: string;
  manifest: ProviderManifest;
  headers: Record<string, string>;
  network: NetworkData;
}
