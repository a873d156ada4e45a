/** Where the vectors of examples outlive the process: texts that do not change are embedded once. */
export interface VectorStore {
  /** Those that are kept under these keys, which count as used now. */
  vectors(keys: readonly string[], now: number): Map<string, Float32Array>;
  keepVectors(entries: readonly (readonly [key: string, vector: Float32Array])[], now: number): void;
  /** Forgets what was not used since. */
  dropVectors(before: number): void;
}
