import type { Decision } from "../canonical/decision.ts";
import { GatewayError } from "../canonical/errors.ts";
import { answerAdmin } from "../admin/router.ts";
import { hashAdminToken } from "../admin/guard.ts";
import { createConfigCommand } from "../cli/config.ts";
import { experiments } from "../cli/experiments.ts";
import { createModelsCommand } from "../cli/models.ts";
import { launch } from "../cli/launch.ts";
import { logs } from "../cli/logs.ts";
import { createRouteCommand } from "../cli/route.ts";
import { runCommand } from "../cli/run-command.ts";
import { createStartCommand } from "../cli/start.ts";
import { createVersionCommand } from "../cli/version.ts";
import { offlineDecisions } from "../control/decisions.ts";
import { startDemoServer } from "../providers/demo/server.ts";
import { DEMO_PRICES } from "../providers/demo/models.ts";
import type { DecisionParts } from "../pipeline/simulate/parts.ts";
import packageJson from "../../package.json" with { type: "json" };
import { checkCondition } from "./check-condition.ts";
import { manifests } from "./providers.ts";
import { signers } from "./signers.ts";

const { version } = packageJson;

/** All formats of requests are only loaded where one is to be decided on: few starts of the program need them here. */
async function simulated(question: Uint8Array, parts: DecisionParts | null): Promise<Decision> {
  if (parts === null) throw new GatewayError("overloaded", "no configuration is in force yet", { retryAfterMs: 1000 });
  const { simulateRequest } = await import("./simulate.ts");
  return simulateRequest(question, parts);
}

const start = createStartCommand({
  manifests,
  checkCondition,
  signers,
  hashToken: hashAdminToken,
  startHosted: startDemoServer,
  hostedPrices: { demo: DEMO_PRICES },
  createWorker: () => new Worker(new URL("./data-thread.ts", import.meta.url).href),
  answerAdmin: (request, { registry, decisions, ...view }) =>
    answerAdmin(request, {
      ...view,
      version,
      metrics: () => registry.render(),
      simulate: (question) => simulated(question, decisions()),
    }),
});

process.exitCode = await runCommand(
  [
    start,
    createConfigCommand({ manifests, checkCondition }),
    experiments,
    launch,
    logs,
    createModelsCommand(manifests.map(({ name }) => name)),
    createRouteCommand({
      simulate: (question, sources) => simulated(question, offlineDecisions(sources)),
      hostedPrices: { demo: DEMO_PRICES },
      manifests,
      checkCondition,
    }),
    createVersionCommand(version),
  ],
  {
    args: process.argv.slice(2),
    env: process.env,
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
  },
);
process.exit();
