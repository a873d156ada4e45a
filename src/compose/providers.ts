import type { ProviderManifest } from "../canonical/provider.ts";
import { anthropic } from "../providers/anthropic/manifest.ts";
import { assemblyai } from "../providers/assemblyai/manifest.ts";
import { deepgram } from "../providers/deepgram/manifest.ts";
import { demo } from "../providers/demo/manifest.ts";
import { elevenlabs } from "../providers/elevenlabs/manifest.ts";
import { gemini } from "../providers/gemini/manifest.ts";
import { openai } from "../providers/openai/manifest.ts";
import { runway } from "../providers/runway/manifest.ts";
import { stability } from "../providers/stability/manifest.ts";

/** All built-in providers, in alphabetical order. */
export const manifests: readonly ProviderManifest[] = [
  anthropic,
  assemblyai,
  deepgram,
  demo,
  elevenlabs,
  gemini,
  openai,
  runway,
  stability,
];
