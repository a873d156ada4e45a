import { GatewayError } from "../../canonical/errors.ts";
import { CAPABILITIES, MODEL_KINDS } from "./facts.ts";
import type { PresentedModel } from "./present.ts";

/** Parameters that narrow a list of models. */
export const MODEL_PARAMETERS = ["provider", "kind", "capability", "search"] as const;

/** The models that all given parameters leave. Throws `invalid_request` for a parameter or value that is not known. */
export function filterModels(models: readonly PresentedModel[], query: URLSearchParams): PresentedModel[] {
  checkNames(query);
  const provider = query.get("provider");
  const kind = oneOf("kind", query.get("kind"), MODEL_KINDS);
  const capability = oneOf("capability", query.get("capability"), Object.keys(CAPABILITIES));
  const search = query.get("search")?.toLowerCase() ?? null;
  return models.filter(
    (model) =>
      (provider === null || model.provider === provider) &&
      (kind === null || model.kind === kind) &&
      (capability === null || model.capabilities?.some((each) => each === capability) === true) &&
      (search === null || model.id.toLowerCase().includes(search)),
  );
}

function checkNames(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if ((MODEL_PARAMETERS as readonly string[]).includes(name)) continue;
    const short = name.slice(0, 100);
    const text = `unknown query parameter ${JSON.stringify(short)}: use ${MODEL_PARAMETERS.join(", ")}`;
    throw new GatewayError("invalid_request", text, { param: short });
  }
}

function oneOf(param: string, value: string | null, known: readonly string[]): string | null {
  if (value === null || known.includes(value)) return value;
  throw new GatewayError("invalid_request", `${param}: must be ${known.join(", ")}`, { param });
}
