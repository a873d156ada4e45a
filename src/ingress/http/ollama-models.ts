import { createHash } from "node:crypto";
import type { Catalog } from "../../domain/catalog/index.ts";
import type { Listed } from "./models.ts";

/** No date of a model is known for every one. */
const MODIFIED_AT = "2023-11-14T22:13:20Z";

/** An entry of `/api/tags` (https://docs.ollama.com/api/tags). Clients tell models apart by their digests. */
export function ollamaModel({ id, owner }: Listed): object {
  const digest = createHash("sha256").update(id).digest("hex");
  return { name: id, model: id, modified_at: MODIFIED_AT, size: 0, digest, details: detailsOf(owner) };
}

/** The answer of `/api/show` (https://docs.ollama.com/api-reference/show-model-details): what the catalog knows of a model. */
export function ollamaShow({ id, owner }: Listed, catalog: Catalog): object {
  const model = catalog.findModel(owner, id.slice(id.indexOf("/") + 1));
  const context = model?.contextWindow ?? null;
  const info = { "general.architecture": owner, "general.basename": id };
  return {
    modelfile: "",
    parameters: "",
    template: "",
    details: detailsOf(owner),
    model_info: context === null ? info : { ...info, [`${owner}.context_length`]: context },
    // Clients offer a model for chat, or with their tools, only if it says so.
    capabilities: ["completion", "tools", "vision"],
    modified_at: MODIFIED_AT,
  };
}

function detailsOf(owner: string): object {
  return {
    parent_model: "",
    format: "",
    family: owner,
    families: [owner],
    parameter_size: "",
    quantization_level: "",
  };
}
