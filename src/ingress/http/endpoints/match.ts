import type { ChatDialect } from "../../../canonical/names.ts";
import { aiGatewayFamilies } from "./ai-gateway.ts";
import { anthropicFamily } from "./anthropic.ts";
import { bedrockFamily } from "./bedrock.ts";
import { bedrockInvokeFamily } from "./bedrock-invoke.ts";
import { cloudflareFamily, compatFamily } from "./cloudflare.ts";
import { cohereFamily, cohereV1Family } from "./cohere.ts";
import { DROP_INS, type DropIn } from "./drop-ins.ts";
import { posted, type Family, type Match, type RequestHints, type Shape } from "./endpoint.ts";
import { geminiFamily, geminiLiveFamily } from "./gemini.ts";
import { ollamaFamily } from "./ollama.ts";
import { openaiFamily, openrouterFamily } from "./openai.ts";

/** All APIs that clients may speak, in alphabetical order. */
const FAMILIES: readonly Family[] = [
  ...aiGatewayFamilies,
  anthropicFamily,
  bedrockFamily,
  bedrockInvokeFamily,
  cloudflareFamily,
  cohereFamily,
  cohereV1Family,
  compatFamily,
  geminiFamily,
  geminiLiveFamily,
  ollamaFamily,
  openaiFamily,
  openrouterFamily,
];

interface Entry {
  prefix: string;
  family: Family;
}

/** Prefixes by the first segment of a path, longest first: few are looked at for any one request. */
const BY_SEGMENT = new Map<string, Entry[]>();
for (const family of FAMILIES) for (const prefix of family.prefixes) add({ prefix, family });

function add(entry: Entry): void {
  for (const segment of segmentsOf(entry)) {
    const entries = BY_SEGMENT.get(segment) ?? [];
    entries.push(entry);
    entries.sort((one, other) => other.prefix.length - one.prefix.length);
    BY_SEGMENT.set(segment, entries);
  }
}

/** A family at the root is found by the first segments of its own paths. */
function segmentsOf({ prefix, family }: Entry): string[] {
  if (prefix !== "") return [firstSegment(prefix)];
  return [...new Set([...Object.keys(family.posts), ...(family.rootPaths ?? [])].map(firstSegment))];
}

function firstSegment(path: string): string {
  const end = path.indexOf("/", 1);
  return end < 0 ? path.slice(1) : path.slice(1, end);
}

/** What was found at the fixed paths of `posts`, by the whole path: as many as there are in the tables, however many are asked for. */
const POSTS = new Map<string, Match>();

/** Finds the endpoint of a request. */
export function matchEndpoint(method: string, path: string, hints: RequestHints): Match {
  return (method === "POST" ? POSTS.get(path) : undefined) ?? searchEndpoint(method, path, hints);
}

function searchEndpoint(method: string, path: string, hints: RequestHints): Match {
  const segment = firstSegment(path);
  const dropIn = DROP_INS.get(segment);
  if (dropIn !== undefined) return matchDropIn(method, path.slice(segment.length + 1), hints, dropIn);
  for (const { prefix, family } of BY_SEGMENT.get(segment) ?? []) {
    if (!path.startsWith(prefix) || path.charCodeAt(prefix.length) !== SLASH) continue;
    const below = path.slice(prefix.length);
    const socket = method === "GET" ? socketAt(family, below) : null;
    if (socket !== null) return socket;
    const shape = Object.hasOwn(family.posts, below) ? family.posts[below] : undefined;
    const match = shape !== undefined && method === "POST" ? null : (family.match?.(method, below, hints) ?? null);
    if (match !== null) return match;
    if (shape !== undefined) return postedAt(path, method, shape);
  }
  return { status: "no_path" };
}

function postedAt(path: string, method: string, shape: Shape): Match {
  const match = posted(method, { ...shape, pathModel: null, pathStream: false });
  if (match.status === "found") POSTS.set(path, match);
  return match;
}

function socketAt({ sockets = {} }: Family, below: string): Match | null {
  const found = Object.hasOwn(sockets, below) ? sockets[below] : undefined;
  return found === undefined ? null : { status: "found", endpoint: { type: "socket", ...found } };
}

/** Below a library's prefix a path means what it means without it, or else what it means below one of the vendors' prefixes. */
function matchDropIn(method: string, below: string, hints: RequestHints, { vendors }: DropIn): Match {
  if (DROP_INS.has(firstSegment(below))) return { status: "no_path" };
  for (const vendor of ["", ...vendors]) {
    const match = matchEndpoint(method, vendor + below, hints);
    if (match.status !== "no_path") return match;
  }
  return { status: "no_path" };
}

/** The dialect in whose shape a path without an endpoint is refused. */
export function errorDialectOf(path: string): ChatDialect {
  const entries = BY_SEGMENT.get(firstSegment(path)) ?? [];
  return entries.find(({ prefix }) => path.startsWith(`${prefix}/`))?.family.errors ?? "openai-chat";
}

/** True for a path that belongs to a client's API, whether or not it has an endpoint: management never answers there. */
export function isInferencePath(path: string): boolean {
  const segment = firstSegment(path);
  return BY_SEGMENT.has(segment) || DROP_INS.has(segment);
}

const SLASH = 47;
