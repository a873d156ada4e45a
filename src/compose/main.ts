import { answerAdmin } from "../admin/router.ts";
import { hashAdminToken } from "../admin/guard.ts";
import { createConfigCommand } from "../cli/config.ts";
import { experiments } from "../cli/experiments.ts";
import { createModelsCommand } from "../cli/models.ts";
import { launch } from "../cli/launch.ts";
import { logs } from "../cli/logs.ts";
import { runCommand } from "../cli/run-command.ts";
import { createStartCommand } from "../cli/start.ts";
import { createVersionCommand } from "../cli/version.ts";
import { startDemoServer } from "../providers/demo/server.ts";
import { DEMO_PRICES } from "../providers/demo/models.ts";
import packageJson from "../../package.json" with { type: "json" };
import { checkCondition } from "./check-condition.ts";
import { manifests } from "./providers.ts";
import { signers } from "./signers.ts";

const { version } = packageJson;

const start = createStartCommand({
  manifests,
  checkCondition,
  signers,
  hashToken: hashAdminToken,
  startHosted: startDemoServer,
  hostedPrices: { demo: DEMO_PRICES },
  createWorker: () => new Worker(new URL("./data-thread.ts", import.meta.url).href),
  answerAdmin: (request, { registry, ...control }) =>
    answerAdmin(request, { ...control, version, metrics: () => registry.render() }),
});

process.exitCode = await runCommand(
  [
    start,
    createConfigCommand({ manifests, checkCondition }),
    experiments,
    launch,
    logs,
    createModelsCommand(manifests.map(({ name }) => name)),
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
