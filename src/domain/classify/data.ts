import type { ClassifierKind } from "../../canonical/classification.ts";
import type { ComplexityData } from "./complexity/data.ts";

/** What a conversation keeps: the highest or the first label, or none. */
export interface MemoryData {
  mode: "max" | "sticky" | "off";
  ttlMs: number;
}

/** One way to a label: where any of its conditions holds. */
export interface LabelRule {
  label: string;
  /** CEL. */
  conditions: string[];
  keywords: string[];
}

export interface Example {
  label: string;
  text: string;
  /** What its vector is kept under: a hash of space and text. */
  key: string;
}

/** A classifier, as the snapshot carries it: plain data. */
export interface ClassifierData {
  name: string;
  kind: ClassifierKind;
  /** CEL; null: it always runs. */
  when: string | null;
  defaultLabel: string;
  /** All labels that it may find, the default among them. */
  labels: string[];
  shadow: boolean;
  maxChars: number;
  memory: MemoryData;
  threshold: number;
  timeoutMs: number;
  /** `rules` */
  rules: LabelRule[];
  /** `embedding`, `model`: model string; empty for others. */
  model: string;
  /** `embedding`: vectors of the same model at the same address can be compared. */
  space: string;
  examples: Example[];
  topK: number;
  /** `model`: what each label means. */
  meanings: Record<string, string>;
  /** `http` */
  endpoint: { url: string; headers: Record<string, string> } | null;
}

/** All of it; `complexity` is null when it is not enabled. */
export interface ClassifyData {
  complexity: (ComplexityData & { memory: MemoryData }) | null;
  classifiers: ClassifierData[];
}
