import { GatewayError } from "../../canonical/errors.ts";
import type { ChatDialect } from "../../canonical/names.ts";
import type { Catalog } from "../../domain/catalog/index.ts";
import { presentedKey, type HeaderSource } from "../../domain/identity/credential.ts";
import type { Caller } from "../../pipeline/caller.ts";
import type { Snapshot } from "../../pipeline/snapshot.ts";
import type { ModelsEndpoint } from "./endpoints/endpoint.ts";
import { aiGatewayConfig, configEntry } from "./ai-gateway-models.ts";
import { pageOf, type Page } from "./model-pages.ts";
import { openrouterModel } from "./openrouter-models.ts";
import { ollamaModel, ollamaShow } from "./ollama-models.ts";

/** A model as its caller names it, and whose it is: a provider's, or the gateway's own alias. */
export interface Listed {
  id: string;
  owner: string;
}

/** Who asks, and when. */
interface Asker {
  headers: HeaderSource;
  query: URLSearchParams;
  now: number;
}

/** The release of the oldest format here; providers' own dates are not known for every model. */
const CREATED = 1_700_000_000;

type Shape = {
  list(page: Page<Listed>, catalog: Catalog, now: number): object;
  one(model: Listed, catalog: Catalog, now: number): object;
};

/** Whose form a list of models has. */
export type ModelShape = ChatDialect | NonNullable<ModelsEndpoint["shape"]>;

function aiGateway(version: 2 | 3 | 4): Shape {
  return {
    list: ({ items }, catalog, now) => aiGatewayConfig(items, version, catalog, now),
    one: (model, catalog, now) => configEntry(model, version, catalog, now),
  };
}

const OPENAI: Shape = { list: ({ items }) => ({ object: "list", data: items.map(openaiModel) }), one: openaiModel };

const SHAPES: Readonly<Record<ModelShape, Shape>> = {
  "ai-gateway": aiGateway(3),
  "ai-gateway-v2": aiGateway(2),
  "ai-gateway-v4": aiGateway(4),
  "openai-chat": OPENAI,
  "openai-completions": OPENAI,
  "openai-responses": OPENAI,
  "anthropic-messages": { list: anthropicList, one: anthropicModel },
  // Bedrock's own list stands at another host: it is no part of the API that clients of models use.
  "bedrock-converse": OPENAI,
  "bedrock-text": OPENAI,
  cohere: { list: cohereList, one: cohereModel },
  gemini: { list: geminiList, one: geminiModel },
  ollama: { list: ({ items }) => ({ models: items.map(ollamaModel) }), one: ollamaShow },
  openrouter: {
    list: ({ items }, catalog, now) => ({ data: items.map(({ id }) => openrouterModel(id, CREATED, catalog, now)) }),
    one: ({ id }, catalog, now) => ({ data: openrouterModel(id, CREATED, catalog, now) }),
  },
};

/**
 * The models that the caller may use, aliases first, as `provider/model`, or the page of them that the query asks for; with `id`,
 * that one. In the shapes of
 * https://platform.openai.com/docs/api-reference/models, https://docs.anthropic.com/en/api/models-list,
 * https://docs.cohere.com/reference/list-models, https://ai.google.dev/api/models, https://docs.ollama.com/api/tags, OpenRouter
 * and the AI SDK.
 */
export function listModels(
  snapshot: Snapshot,
  catalog: Catalog,
  shapeName: ModelShape,
  id: string | null,
  asker: Asker,
): object {
  const models = modelsFor(snapshot, identify(snapshot, asker));
  const shape = SHAPES[shapeName];
  if (id === null) return shape.list(pageOf(models, shapeName, asker.query), catalog, asker.now);
  const found = models.find((model) => model.id === id || model.id.slice(model.id.indexOf("/") + 1) === id);
  if (found === undefined)
    throw new GatewayError("model_not_found", `no model ${JSON.stringify(id.slice(0, 200))} here`);
  return shape.one(found, catalog, asker.now);
}

function identify(snapshot: Snapshot, { headers, query, now }: Asker): Caller | null {
  const found = snapshot.identify(presentedKey(headers, query.get("key")), now);
  if (found.status === "found") return found.key;
  if (found.status === "none" && !snapshot.data.requireVirtualKey) return null;
  throw new GatewayError("unauthenticated", found.status === "none" ? "no virtual key" : `${found.status} virtual key`);
}

const NOBODYS_SCOPES: readonly string[] = ["global"];

function modelsFor(snapshot: Snapshot, caller: Caller | null): Listed[] {
  const scopes = caller?.scopes ?? NOBODYS_SCOPES;
  const models = snapshot.router.resolver.aliasNames(scopes).map((id) => ({ id, owner: "trunkline" }));
  for (const { data } of snapshot.providers.values()) {
    const grant = caller?.grants.get(data.name);
    if (caller !== null && grant === undefined) continue;
    for (const model of snapshot.models.modelsOf(data)) {
      if (snapshot.router.resolver.hides({ provider: data.name, model }, scopes)) continue;
      if (grant === undefined || grant.allowed.test(model))
        models.push({ id: `${data.name}/${model}`, owner: data.name });
    }
  }
  return models;
}

function openaiModel({ id, owner }: Listed): object {
  return { id, object: "model", created: CREATED, owned_by: owner };
}

function anthropicModel({ id }: Listed): object {
  return { type: "model", id, display_name: id, created_at: new Date(CREATED * 1000).toISOString() };
}

function anthropicList({ items, hasMore }: Page<Listed>): object {
  return {
    data: items.map(anthropicModel),
    has_more: hasMore,
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
  };
}

function cohereList({ items, hasMore }: Page<Listed>): object {
  return { models: items.map(cohereModel), ...(hasMore && { next_page_token: items.at(-1)?.id }) };
}

function geminiList({ items, hasMore }: Page<Listed>): object {
  return { models: items.map(geminiModel), ...(hasMore && { nextPageToken: items.at(-1)?.id }) };
}

/** What a model can do is not known of every one: chat is what most are for. */
function cohereModel({ id }: Listed): object {
  return { name: id, endpoints: ["chat"], finetuned: false, is_deprecated: false };
}

function geminiModel({ id }: Listed): object {
  const supportedGenerationMethods = ["generateContent", "streamGenerateContent", "countTokens"];
  return { name: `models/${id}`, displayName: id, supportedGenerationMethods };
}
