/** What the records of one arm add up to. */
export interface ArmFigures {
  arm: string;
  requests: number;
  /** Neither well nor given up by their clients. */
  errors: number;
  aborted: number;
  /** Milliseconds of those that went well, rising. */
  durations: Float64Array;
  /** Milliseconds to the first content of those that have some, rising. */
  firstContents: Float64Array;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  /** Sum of the known costs, nano-dollars, and how many are not known. */
  costNano: number;
  unknownCosts: number;
  feedback: FeedbackFigures;
}

export interface FeedbackFigures {
  count: number;
  /** Sums over it. */
  weightedScore: number;
  weight: number;
  positive: number;
  negative: number;
}

/** Requests of one arm, and how they ended. */
export type ArmCounts = Pick<ArmFigures, "requests" | "errors" | "aborted">;

/** An arm that takes no more calls. */
export interface ArmStop {
  experiment: string;
  arm: string;
  /** Of how it was configured: a stop is of that alone. */
  mark: string;
  /** Unix milliseconds. */
  time: number;
  reason: string;
}

/** A span of arrivals: from the first up to, not including, the second, Unix milliseconds. */
export interface TimeRange {
  since: number;
  until: number;
}

/** Where records of experiments are compared. Every call may throw while the store is away. */
export interface ExperimentStore {
  /** Names of all experiments that records belong to. */
  experimentNames(): string[];
  /** By arm, of at most the 100,000 latest records of the range; `since`: from when on they were counted. */
  armCounts(experiment: string, range: TimeRange): { arms: Map<string, ArmCounts>; since: number };
  /** Arms by name, of as many records. */
  armFigures(experiment: string, range: TimeRange): { arms: ArmFigures[]; since: number };
  putStop(stop: ArmStop): void;
  stops(): ArmStop[];
}
