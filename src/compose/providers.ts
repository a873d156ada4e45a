import type { ProviderManifest } from "../canonical/provider.ts";
import { anthropic } from "../providers/anthropic/manifest.ts";
import { azure } from "../providers/azure/manifest.ts";
import { azureAnthropic } from "../providers/azure-anthropic/manifest.ts";
import { azureDeployments } from "../providers/azure-deployments/manifest.ts";
import { cloudflare } from "../providers/cloudflare/manifest.ts";
import { databricks } from "../providers/databricks/manifest.ts";
import { demo } from "../providers/demo/manifest.ts";
import { gemini } from "../providers/gemini/manifest.ts";
import { githubModels } from "../providers/github-models/manifest.ts";
import { openai } from "../providers/openai/manifest.ts";
import { oracle } from "../providers/oracle/manifest.ts";
import { snowflake } from "../providers/snowflake/manifest.ts";
import { vertex } from "../providers/vertex/manifest.ts";
import { vertexExpress } from "../providers/vertex-express/manifest.ts";
import { watsonx } from "../providers/watsonx/manifest.ts";

/** All built-in providers, in alphabetical order. */
export const manifests: readonly ProviderManifest[] = [
  anthropic,
  azure,
  azureAnthropic,
  azureDeployments,
  cloudflare,
  databricks,
  demo,
  gemini,
  githubModels,
  openai,
  oracle,
  snowflake,
  vertex,
  vertexExpress,
  watsonx,
];
