import type { ProviderManifest } from "../canonical/provider.ts";
import { ai21 } from "../providers/ai21/manifest.ts";
import { aihubmix } from "../providers/aihubmix/manifest.ts";
import { anthropic } from "../providers/anthropic/manifest.ts";
import { arcee } from "../providers/arcee/manifest.ts";
import { assemblyai } from "../providers/assemblyai/manifest.ts";
import { avian } from "../providers/avian/manifest.ts";
import { azure } from "../providers/azure/manifest.ts";
import { azureAnthropic } from "../providers/azure-anthropic/manifest.ts";
import { azureDeployments } from "../providers/azure-deployments/manifest.ts";
import { baseten } from "../providers/baseten/manifest.ts";
import { bedrock } from "../providers/bedrock/manifest.ts";
import { berget } from "../providers/berget/manifest.ts";
import { blackForestLabs } from "../providers/black-forest-labs/manifest.ts";
import { cerebras } from "../providers/cerebras/manifest.ts";
import { chutes } from "../providers/chutes/manifest.ts";
import { clarifai } from "../providers/clarifai/manifest.ts";
import { cloudflare } from "../providers/cloudflare/manifest.ts";
import { cohere } from "../providers/cohere/manifest.ts";
import { cometapi } from "../providers/cometapi/manifest.ts";
import { cortecs } from "../providers/cortecs/manifest.ts";
import { crusoe } from "../providers/crusoe/manifest.ts";
import { dashscope } from "../providers/dashscope/manifest.ts";
import { databricks } from "../providers/databricks/manifest.ts";
import { deepgram } from "../providers/deepgram/manifest.ts";
import { deepinfra } from "../providers/deepinfra/manifest.ts";
import { deepseek } from "../providers/deepseek/manifest.ts";
import { demo } from "../providers/demo/manifest.ts";
import { digitalocean } from "../providers/digitalocean/manifest.ts";
import { elevenlabs } from "../providers/elevenlabs/manifest.ts";
import { fal } from "../providers/fal/manifest.ts";
import { featherless } from "../providers/featherless/manifest.ts";
import { fireworks } from "../providers/fireworks/manifest.ts";
import { friendli } from "../providers/friendli/manifest.ts";
import { gemini } from "../providers/gemini/manifest.ts";
import { githubModels } from "../providers/github-models/manifest.ts";
import { gmi } from "../providers/gmi/manifest.ts";
import { groq } from "../providers/groq/manifest.ts";
import { helicone } from "../providers/helicone/manifest.ts";
import { heroku } from "../providers/heroku/manifest.ts";
import { huggingface } from "../providers/huggingface/manifest.ts";
import { hyperbolic } from "../providers/hyperbolic/manifest.ts";
import { inception } from "../providers/inception/manifest.ts";
import { inferenceNet } from "../providers/inference-net/manifest.ts";
import { ionos } from "../providers/ionos/manifest.ts";
import { jina } from "../providers/jina/manifest.ts";
import { lambda } from "../providers/lambda/manifest.ts";
import { litellm } from "../providers/litellm/manifest.ts";
import { llama } from "../providers/llama/manifest.ts";
import { llamacpp } from "../providers/llamacpp/manifest.ts";
import { lmstudio } from "../providers/lmstudio/manifest.ts";
import { meta } from "../providers/meta/manifest.ts";
import { minimax } from "../providers/minimax/manifest.ts";
import { mistral } from "../providers/mistral/manifest.ts";
import { modelscope } from "../providers/modelscope/manifest.ts";
import { moonshot } from "../providers/moonshot/manifest.ts";
import { morph } from "../providers/morph/manifest.ts";
import { nanogpt } from "../providers/nanogpt/manifest.ts";
import { nebius } from "../providers/nebius/manifest.ts";
import { novita } from "../providers/novita/manifest.ts";
import { nscale } from "../providers/nscale/manifest.ts";
import { nvidia } from "../providers/nvidia/manifest.ts";
import { ollama } from "../providers/ollama/manifest.ts";
import { ollamaCloud } from "../providers/ollama-cloud/manifest.ts";
import { openai } from "../providers/openai/manifest.ts";
import { openrouter } from "../providers/openrouter/manifest.ts";
import { oracle } from "../providers/oracle/manifest.ts";
import { ovhcloud } from "../providers/ovhcloud/manifest.ts";
import { parasail } from "../providers/parasail/manifest.ts";
import { perplexity } from "../providers/perplexity/manifest.ts";
import { poe } from "../providers/poe/manifest.ts";
import { poolside } from "../providers/poolside/manifest.ts";
import { portkey } from "../providers/portkey/manifest.ts";
import { publicai } from "../providers/publicai/manifest.ts";
import { qianfan } from "../providers/qianfan/manifest.ts";
import { reka } from "../providers/reka/manifest.ts";
import { replicate } from "../providers/replicate/manifest.ts";
import { requesty } from "../providers/requesty/manifest.ts";
import { runway } from "../providers/runway/manifest.ts";
import { sambanova } from "../providers/sambanova/manifest.ts";
import { sarvam } from "../providers/sarvam/manifest.ts";
import { scaleway } from "../providers/scaleway/manifest.ts";
import { sglang } from "../providers/sglang/manifest.ts";
import { siliconflow } from "../providers/siliconflow/manifest.ts";
import { snowflake } from "../providers/snowflake/manifest.ts";
import { stability } from "../providers/stability/manifest.ts";
import { stackit } from "../providers/stackit/manifest.ts";
import { stepfun } from "../providers/stepfun/manifest.ts";
import { synthetic } from "../providers/synthetic/manifest.ts";
import { tei } from "../providers/tei/manifest.ts";
import { tencent } from "../providers/tencent/manifest.ts";
import { tinfoil } from "../providers/tinfoil/manifest.ts";
import { together } from "../providers/together/manifest.ts";
import { upstage } from "../providers/upstage/manifest.ts";
import { v0 } from "../providers/v0/manifest.ts";
import { venice } from "../providers/venice/manifest.ts";
import { vercel } from "../providers/vercel/manifest.ts";
import { vertex } from "../providers/vertex/manifest.ts";
import { vertexExpress } from "../providers/vertex-express/manifest.ts";
import { vllm } from "../providers/vllm/manifest.ts";
import { volcengine } from "../providers/volcengine/manifest.ts";
import { voyage } from "../providers/voyage/manifest.ts";
import { vultr } from "../providers/vultr/manifest.ts";
import { wandb } from "../providers/wandb/manifest.ts";
import { watsonx } from "../providers/watsonx/manifest.ts";
import { writer } from "../providers/writer/manifest.ts";
import { xai } from "../providers/xai/manifest.ts";
import { xiaomi } from "../providers/xiaomi/manifest.ts";
import { zai } from "../providers/zai/manifest.ts";
import { zhipu } from "../providers/zhipu/manifest.ts";

/** All built-in providers, in alphabetical order. */
export const manifests: readonly ProviderManifest[] = [
  ai21,
  aihubmix,
  anthropic,
  arcee,
  assemblyai,
  avian,
  azure,
  azureAnthropic,
  azureDeployments,
  baseten,
  bedrock,
  berget,
  blackForestLabs,
  cerebras,
  chutes,
  clarifai,
  cloudflare,
  cohere,
  cometapi,
  cortecs,
  crusoe,
  dashscope,
  databricks,
  deepgram,
  deepinfra,
  deepseek,
  demo,
  digitalocean,
  elevenlabs,
  fal,
  featherless,
  fireworks,
  friendli,
  gemini,
  githubModels,
  gmi,
  groq,
  helicone,
  heroku,
  huggingface,
  hyperbolic,
  inception,
  inferenceNet,
  ionos,
  jina,
  lambda,
  litellm,
  llama,
  llamacpp,
  lmstudio,
  meta,
  minimax,
  mistral,
  modelscope,
  moonshot,
  morph,
  nanogpt,
  nebius,
  novita,
  nscale,
  nvidia,
  ollama,
  ollamaCloud,
  openai,
  openrouter,
  oracle,
  ovhcloud,
  parasail,
  perplexity,
  poe,
  poolside,
  portkey,
  publicai,
  qianfan,
  reka,
  replicate,
  requesty,
  runway,
  sambanova,
  sarvam,
  scaleway,
  sglang,
  siliconflow,
  snowflake,
  stability,
  stackit,
  stepfun,
  synthetic,
  tei,
  tencent,
  tinfoil,
  together,
  upstage,
  v0,
  venice,
  vercel,
  vertex,
  vertexExpress,
  vllm,
  volcengine,
  voyage,
  vultr,
  wandb,
  watsonx,
  writer,
  xai,
  xiaomi,
  zai,
  zhipu,
];
