import { runPairsBench } from "./pairs.ts";
import { runProxyBench } from "./proxy.ts";

await (process.argv.includes("--pairs") ? runPairsBench() : runProxyBench());
