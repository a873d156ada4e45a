import type { ProviderManifest } from "../canonical/provider.ts";
import { anthropic } from "../providers/anthropic/manifest.ts";
import { cohere } from "../providers/cohere/manifest.ts";
import { demo } from "../providers/demo/manifest.ts";
import { gemini } from "../providers/gemini/manifest.ts";
import { openai } from "../providers/openai/manifest.ts";

/** All built-in providers, in alphabetical order. */
export const manifests: readonly ProviderManifest[] = [anthropic, cohere, demo, gemini, openai];
