import { GatewayError } from "../../canonical/errors.ts";
import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject } from "../../canonical/json.ts";
import type { HeaderSource } from "../../domain/identity/credential.ts";
import { familyOfRequest } from "../../dialects/bedrock-text/family.ts";
import type { Letter, Opened, Shape } from "./endpoints/endpoint.ts";
import { unwrappedNova } from "./open-nova.ts";

/** A kind of bodies, told by their fields. */
interface Rule {
  is(body: JsonObject, model: string): boolean;
  then: Shape;
}

/** First match wins. */
const RULES: readonly Rule[] = [
  {
    is: (body) => "anthropic_version" in body || "anthropic_beta" in body,
    then: { operation: "chat", dialect: "anthropic-messages" },
  },
  { is: isConverse, then: { operation: "chat", dialect: "bedrock-converse" } },
  { is: (body) => Array.isArray(body["messages"]), then: { operation: "chat", dialect: "openai-chat" } },
  { is: isEmbedding, then: { operation: "embeddings", dialect: "bedrock-text" } },
  {
    is: (body) => "query" in body && Array.isArray(body["documents"]),
    then: { operation: "rerank", dialect: "cohere" },
  },
  {
    is: (body, model) => familyOfRequest(body, model) !== undefined,
    then: { operation: "chat", dialect: "bedrock-text" },
  },
];

const UNKNOWN = "the body is of no kind that InvokeModel takes here: it has the fields of no known model";

/** Fields of embeddings alone; Titan's text and Titan's embeddings share the others, so that the model's name decides. */
const EMBEDDING_FIELDS = ["dimensions", "embeddingConfig", "embeddingTypes", "inputImage", "normalize"];

function isEmbedding(body: JsonObject, model: string): boolean {
  if ("input_type" in body && ["texts", "images", "inputs"].some((field) => field in body)) return true;
  if (!("inputText" in body) && !("inputImage" in body)) return false;
  return (
    EMBEDDING_FIELDS.some((field) => field in body) || (!("textGenerationConfig" in body) && model.includes("embed"))
  );
}

/** Nova's messages are those of Converse: lists of parts that are named by their key. */
function isConverse(body: JsonObject): boolean {
  if (!Array.isArray(body["messages"])) return false;
  if ("inferenceConfig" in body || "schemaVersion" in body || "toolConfig" in body) return true;
  const first = body["messages"][0];
  const part: Json | undefined =
    isJsonObject(first) && Array.isArray(first["content"]) ? first["content"][0] : undefined;
  return isJsonObject(part) && !("type" in part);
}

/**
 * Tells the dialect of an InvokeModel body by its fields, and puts into it what stands beside it on this wire but in it
 * elsewhere: model, stream, and the betas of Anthropic. Throws `GatewayError` for a body that no dialect here reads.
 */
export function openInvoke(letter: Letter): Opened {
  const { body, headers, pathModel } = letter;
  const then = RULES.find((rule) => rule.is(body.json, pathModel))?.then;
  if (then === undefined) throw new GatewayError("unsupported_operation", UNKNOWN);
  if (then.dialect === "bedrock-converse") return { ...then, body: unwrappedNova(letter), headers };
  return then.dialect in ENVELOPES ? { ...then, ...unwrapped(letter, then.dialect) } : { ...then, body, headers };
}

/** Fields that bodies have on this wire only, by dialect. */
const ENVELOPES: Readonly<Record<string, readonly string[]>> = {
  "anthropic-messages": ["anthropic_version", "anthropic_beta"],
  cohere: ["api_version"],
  "openai-chat": [],
};

function unwrapped(
  { body, headers, pathModel, pathStream }: Letter,
  dialect: string,
): Pick<Opened, "body" | "headers"> {
  const json: JsonObject = { ...body.json, model: pathModel, stream: pathStream };
  const edits = new Map<string, string | null>([["model", JSON.stringify(pathModel)]]);
  if (pathStream) edits.set("stream", "true");
  else {
    delete json["stream"];
    edits.set("stream", null);
  }
  for (const field of ENVELOPES[dialect] ?? []) {
    delete json[field];
    edits.set(field, null);
  }
  const beta = betasOf(body.json["anthropic_beta"]);
  const seen = beta === null ? headers : new MoreHeaders(headers, "anthropic-beta", beta);
  return { body: { ...body, json, edits }, headers: seen };
}

/** The list becomes a header's value elsewhere: nothing else may get into it. */
function betasOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  const given = Array.isArray(value) ? value : [value];
  const names = given.filter(isName);
  if (names.length === given.length) return names.length === 0 ? null : names.join(",");
  throw new GatewayError("invalid_request", "anthropic_beta: must be a list of names", { param: "anthropic_beta" });
}

function isName(name: Json): name is string {
  return typeof name === "string" && /^[\w.:-]{1,200}$/.test(name);
}

/** Headers with one more, or with more in one. */
class MoreHeaders implements HeaderSource {
  private readonly own: HeaderSource;
  private readonly name: string;
  private readonly value: string;

  constructor(own: HeaderSource, name: string, value: string) {
    this.own = own;
    this.name = name;
    const before = own.get(name);
    this.value = before === null ? value : `${before},${value}`;
  }

  get(name: string): string | null {
    return name === this.name ? this.value : this.own.get(name);
  }

  toJSON(): Record<string, string> {
    return { ...this.own.toJSON(), [this.name]: this.value };
  }

  *keys(): Iterable<string> {
    yield* this.own.keys();
    if (this.own.get(this.name) === null) yield this.name;
  }
}
