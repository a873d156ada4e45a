/** How a provider name of ours is called in the source. */
export interface SourceName {
  source: string;
  /** Only ids that start with one of these: the rest of the source belongs to another place of the same vendor. */
  prefixes?: readonly string[];
}

/**
 * Names that differ from the source's; every other provider is looked up under its own name. Aliases of one place share a
 * row. The source has the hosts with `huggingface_` as Hugging Face resells them, without a markup:
 * https://huggingface.co/docs/inference-providers/pricing.
 */
export const SOURCE_NAMES: Readonly<Record<string, SourceName>> = {
  "azure-anthropic": { source: "anthropic" },
  "azure-deployments": { source: "azure" },
  bedrock: { source: "aws" },
  "fireworks-ai": { source: "fireworks" },
  gemini: { source: "google", prefixes: ["gemini", "gemma"] },
  hyperbolic: { source: "huggingface_hyperbolic" },
  moonshot: { source: "moonshotai" },
  nebius: { source: "huggingface_nebius" },
  nscale: { source: "huggingface_nscale" },
  publicai: { source: "huggingface_publicai" },
  sambanova: { source: "huggingface_sambanova" },
  "together-ai": { source: "together" },
  vertex: { source: "google" },
  "vertex-express": { source: "google", prefixes: ["gemini"] },
  voyage: { source: "voyageai" },
  xai: { source: "x-ai" },
  "z-ai": { source: "zai" },
  zhipu: { source: "zhipuai" },
};
