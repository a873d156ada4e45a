import { parseArgs } from "node:util";
import { GatewayError } from "../canonical/errors.ts";
import {
  filterModels,
  MODEL_PARAMETERS,
  openCatalog,
  presentModel,
  type PresentedModel,
} from "../domain/catalog/index.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";

/** Shows what the catalog that comes with the program knows, for these providers. */
export function createModelsCommand(providers: readonly string[]): Command {
  return {
    name: "models",
    summary: "Show models, context windows and prices that come with the program.",
    usage: `Usage: trunkline models [TEXT] [--json] [FILTERS]

Shows the models whose provider/model contains TEXT; prices are US dollars per million tokens.
  --json        one JSON object a line, with every rate
Filters: ${MODEL_PARAMETERS.filter((name) => name !== "search")
      .map((name) => `--${name}`)
      .join(" ")}
What a running gateway may use, with live lists and prices of its own, is at GET /api/models.`,
    run: (context) => showModels(context, providers),
  };
}

function showModels({ args, print }: CommandContext, providers: readonly string[]): number {
  const { values, positionals } = parse(args);
  const query = new URLSearchParams();
  for (const name of MODEL_PARAMETERS) {
    const value = name === "search" ? positionals[0] : values[name];
    if (typeof value === "string") query.append(name, value);
  }
  const found = filtered(allModels(providers), query);
  for (const model of found) print(values["json"] === true ? JSON.stringify(model) : line(model));
  return found.length === 0 ? 1 : 0;
}

function filtered(models: readonly PresentedModel[], query: URLSearchParams): PresentedModel[] {
  try {
    return filterModels(models, query);
  } catch (error) {
    throw error instanceof GatewayError ? new UsageError(error.message) : error;
  }
}

function allModels(providers: readonly string[]): PresentedModel[] {
  const catalog = openCatalog();
  const now = Date.now();
  return providers.flatMap((provider) =>
    catalog
      .modelsOf(provider)
      .map((model) =>
        presentModel(provider, model, catalog.findModel(provider, model), catalog.priceOf(provider, model, now)),
      ),
  );
}

function parse(args: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
  const filters = Object.fromEntries(MODEL_PARAMETERS.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...filters, json: { type: "boolean" } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function line(model: PresentedModel): string {
  const { pricing } = model;
  const price = pricing === null ? "price unknown" : priceText(pricing);
  const context = model.context_window === null ? "-" : `${model.context_window} tokens`;
  const ends = model.ends_on === null ? [] : [`ends ${model.ends_on}`];
  return [model.id, model.kind, context, price, ...ends].join("  ");
}

function priceText({ input, output, units }: NonNullable<PresentedModel["pricing"]>): string {
  const pieces = Object.entries(units).map(([unit, usd]) => `$${usd} per ${unit}`);
  return input === 0 && output === 0 && pieces.length > 0 ? pieces.join(", ") : `$${input} in, $${output} out`;
}
