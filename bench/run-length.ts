/** How long and how often is measured, milliseconds: `--quick` is noisier. */
export const isQuick = process.argv.includes("--quick");
export const WARM_MS = isQuick ? 1000 : 3000;
export const RUN_MS = isQuick ? 2000 : 6000;
/** Runs of latency, which take turns: their medians count. */
export const LATENCY_ROUNDS = isQuick ? 3 : 5;
export const LATENCY_MS = 1500;
