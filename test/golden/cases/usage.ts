import type { ProviderFlags } from "../../../src/canonical/dialect.ts";
import type { JsonObject } from "../../../src/canonical/json.ts";
import type { ChatDialect } from "../../../src/canonical/names.ts";
import type { Usage } from "../../../src/canonical/usage.ts";
import type { RatesRow } from "../../../src/domain/catalog/data.ts";

/** One vendor's usage object, what it must come to, and what the call costs. */
export interface UsageCase {
  name: string;
  /** Page that says what the counts mean. */
  docs: string;
  dialect: ChatDialect;
  flags?: ProviderFlags;
  /** As the vendor writes it. */
  wire: JsonObject;
  /** Counts that are not zero. */
  usage: Partial<Usage>;
  /** US dollars a million tokens: of the vendor's own scale, stated here so that the arithmetic can be followed. */
  rates: RatesRow;
  /** Nano-dollars: tokens × (dollars a million × 1,000), term by term. */
  nano: number;
}

const chat = "openai-chat";
const responses = "openai-responses";
const claude = "anthropic-messages";

/** OpenAI and hosts of its chat completions. */
const CHAT_CASES: UsageCase[] = [
  {
    name: "OpenAI chat: cached tokens are part of the prompt, reasoning is part of the completion",
    docs: "https://platform.openai.com/docs/guides/prompt-caching",
    dialect: chat,
    wire: {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 192,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    usage: { inputTokens: 2006, cachedInputTokens: 1920, outputTokens: 300, reasoningTokens: 192 },
    rates: { input: 1.25, cached_input: 0.125, output: 10 },
    nano: 86 * 1250 + 1920 * 125 + 300 * 10_000,
  },
  {
    name: "OpenAI chat: cache writes and cached reads stand beside each other within the prompt",
    docs: "https://platform.openai.com/docs/guides/prompt-caching",
    dialect: chat,
    wire: {
      prompt_tokens: 5000,
      completion_tokens: 10,
      total_tokens: 5010,
      prompt_tokens_details: { cached_tokens: 3000, cache_write_tokens: 1500 },
    },
    usage: { inputTokens: 5000, cachedInputTokens: 3000, cacheWriteTokens: 1500, outputTokens: 10 },
    rates: { input: 2, cached_input: 0.2, cache_write: 2.5, output: 8 },
    nano: 500 * 2000 + 3000 * 200 + 1500 * 2500 + 10 * 8000,
  },
  {
    name: "OpenAI audio: sound is part of both sides",
    docs: "https://platform.openai.com/docs/guides/audio",
    dialect: chat,
    wire: {
      prompt_tokens: 282,
      completion_tokens: 180,
      total_tokens: 462,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 200, text_tokens: 82 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 140, text_tokens: 40 },
    },
    usage: { inputTokens: 282, audioInputTokens: 200, outputTokens: 180, audioOutputTokens: 140 },
    rates: { input: 2.5, audio_input: 40, output: 10, audio_output: 80 },
    nano: 82 * 2500 + 200 * 40_000 + 40 * 10_000 + 140 * 80_000,
  },
  {
    name: "DeepSeek: hits and misses make up the prompt, reasoning is part of the completion",
    docs: "https://api-docs.deepseek.com/api/create-chat-completion",
    dialect: chat,
    wire: {
      prompt_tokens: 1200,
      completion_tokens: 700,
      total_tokens: 1900,
      prompt_tokens_details: { cached_tokens: 1152 },
      completion_tokens_details: { reasoning_tokens: 650 },
      prompt_cache_hit_tokens: 1152,
      prompt_cache_miss_tokens: 48,
    },
    usage: { inputTokens: 1200, cachedInputTokens: 1152, outputTokens: 700, reasoningTokens: 650 },
    rates: { input: 0.28, cached_input: 0.028, output: 0.42 },
    nano: Math.round(48 * 280 + 1152 * 28 + 700 * 420),
  },
  {
    name: "DeepSeek: hits without OpenAI's field",
    docs: "https://api-docs.deepseek.com/guides/kv_cache",
    dialect: chat,
    wire: {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 105,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    usage: { inputTokens: 100, cachedInputTokens: 64, outputTokens: 5 },
    rates: { input: 0.28, cached_input: 0.028, output: 0.42 },
    nano: 36 * 280 + 64 * 28 + 5 * 420,
  },
  {
    name: "Mistral: cached tokens under a name of its own",
    docs: "https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching",
    dialect: chat,
    wire: {
      prompt_tokens: 4016,
      total_tokens: 4073,
      completion_tokens: 57,
      num_cached_tokens: 4000,
      prompt_token_details: { cached_tokens: 4000 },
    },
    usage: { inputTokens: 4016, cachedInputTokens: 4000, outputTokens: 57 },
    rates: { input: 2, cached_input: 0.2, output: 6 },
    nano: 16 * 2000 + 4000 * 200 + 57 * 6000,
  },
  {
    name: "Moonshot: cached tokens stand at the top",
    docs: "https://platform.moonshot.ai/docs/api/chat",
    dialect: chat,
    wire: { prompt_tokens: 19, completion_tokens: 21, total_tokens: 40, cached_tokens: 10 },
    usage: { inputTokens: 19, cachedInputTokens: 10, outputTokens: 21 },
    rates: { input: 0.6, cached_input: 0.15, output: 2.5 },
    nano: 9 * 600 + 10 * 150 + 21 * 2500,
  },
  {
    name: "xAI chat: reasoning stands beside the completion, as the total shows",
    docs: "https://docs.x.ai/docs/guides/reasoning",
    dialect: chat,
    wire: {
      prompt_tokens: 37,
      completion_tokens: 530,
      total_tokens: 800,
      prompt_tokens_details: { text_tokens: 37, audio_tokens: 0, image_tokens: 0, cached_tokens: 8 },
      completion_tokens_details: {
        reasoning_tokens: 233,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
      num_sources_used: 0,
    },
    usage: { inputTokens: 37, cachedInputTokens: 8, outputTokens: 763, reasoningTokens: 233 },
    rates: { input: 3, cached_input: 0.75, output: 15 },
    nano: 29 * 3000 + 8 * 750 + 763 * 15_000,
  },
  {
    name: "xAI chat: the documented cache hit, without reasoning",
    docs: "https://docs.x.ai/developers/advanced-api-usage/prompt-caching/usage-and-pricing",
    dialect: chat,
    wire: {
      prompt_tokens: 125,
      completion_tokens: 48,
      total_tokens: 173,
      prompt_tokens_details: { text_tokens: 125, audio_tokens: 0, image_tokens: 0, cached_tokens: 98 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    usage: { inputTokens: 125, cachedInputTokens: 98, outputTokens: 48 },
    rates: { input: 3, cached_input: 0.75, output: 15 },
    nano: 27 * 3000 + 98 * 750 + 48 * 15_000,
  },
  {
    name: "Google's compatible endpoint: reasoning shows in the total only",
    docs: "https://ai.google.dev/gemini-api/docs/openai",
    dialect: chat,
    wire: { prompt_tokens: 10, completion_tokens: 40, total_tokens: 150 },
    usage: { inputTokens: 10, outputTokens: 140, reasoningTokens: 100 },
    rates: { input: 0.3, output: 2.5 },
    nano: 10 * 300 + 140 * 2500,
  },
  {
    name: "Perplexity deep research: sources are input, reasoning is output of its own price, searches are paid by the thousand",
    docs: "https://docs.perplexity.ai/docs/getting-started/pricing",
    dialect: chat,
    flags: { separateTokens: true },
    wire: {
      prompt_tokens: 33,
      completion_tokens: 7163,
      total_tokens: 7196,
      search_context_size: "low",
      citation_tokens: 20_016,
      num_search_queries: 48,
      reasoning_tokens: 73_997,
    },
    usage: { inputTokens: 33 + 20_016, outputTokens: 7163 + 73_997, reasoningTokens: 73_997, webSearches: 48 },
    rates: { input: 2, output: 8, reasoning: 3, web_search_per_thousand: 5 },
    nano: 20_049 * 2000 + 7163 * 8000 + 73_997 * 3000 + 48 * 5_000_000,
  },
  {
    name: "Groq: times beside the counts",
    docs: "https://console.groq.com/docs/prompt-caching",
    dialect: chat,
    wire: {
      queue_time: 0.026959759,
      prompt_tokens: 4641,
      prompt_time: 0.009995497,
      completion_tokens: 1817,
      completion_time: 5.57691751,
      total_tokens: 6458,
      total_time: 5.586913007,
      prompt_tokens_details: { cached_tokens: 4608 },
    },
    usage: { inputTokens: 4641, cachedInputTokens: 4608, outputTokens: 1817 },
    rates: { input: 1, cached_input: 0.5, output: 3 },
    nano: 33 * 1000 + 4608 * 500 + 1817 * 3000,
  },
  {
    name: "OpenRouter: its own cost beside counts in OpenAI's form",
    docs: "https://openrouter.ai/docs/use-cases/usage-accounting",
    dialect: chat,
    wire: {
      prompt_tokens: 10_339,
      completion_tokens: 60,
      total_tokens: 10_399,
      cost: 0.00492,
      cost_details: { upstream_inference_cost: null },
      prompt_tokens_details: { cached_tokens: 10_318, cache_write_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 12 },
    },
    usage: { inputTokens: 10_339, cachedInputTokens: 10_318, outputTokens: 60, reasoningTokens: 12 },
    rates: { input: 3, cached_input: 0.3, output: 15 },
    nano: 21 * 3000 + 10_318 * 300 + 60 * 15_000,
  },
  {
    name: "Model Studio: an explicit cache is written at a price of its own",
    docs: "https://www.alibabacloud.com/help/en/model-studio/context-cache",
    dialect: chat,
    wire: {
      prompt_tokens: 1605,
      completion_tokens: 187,
      total_tokens: 1792,
      prompt_tokens_details: {
        cached_tokens: 0,
        cache_creation_input_tokens: 1580,
        cache_creation: { ephemeral_5m_input_tokens: 1580 },
        cache_type: "ephemeral",
      },
    },
    usage: { inputTokens: 1605, cacheWriteTokens: 1580, outputTokens: 187 },
    rates: { input: 0.4, cached_input: 0.04, cache_write: 0.5, output: 1.2 },
    nano: 25 * 400 + 1580 * 500 + 187 * 1200,
  },
];

const RESPONSES_CASES: UsageCase[] = [
  {
    name: "OpenAI Responses: reasoning is part of the output",
    docs: "https://platform.openai.com/docs/guides/reasoning",
    dialect: responses,
    wire: {
      input_tokens: 75,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1186,
      output_tokens_details: { reasoning_tokens: 1024 },
      total_tokens: 1261,
    },
    usage: { inputTokens: 75, outputTokens: 1186, reasoningTokens: 1024 },
    rates: { input: 1.25, cached_input: 0.125, output: 10 },
    nano: 75 * 1250 + 1186 * 10_000,
  },
  {
    name: "xAI Responses: the documented cache hit; searches of its own tools",
    docs: "https://docs.x.ai/developers/advanced-api-usage/prompt-caching/usage-and-pricing",
    dialect: responses,
    wire: {
      input_tokens: 125,
      output_tokens: 48,
      total_tokens: 173,
      input_tokens_details: { cached_tokens: 98 },
      output_tokens_details: { reasoning_tokens: 0 },
      server_side_tool_usage_details: { web_search_calls: 3 },
    },
    usage: { inputTokens: 125, cachedInputTokens: 98, outputTokens: 48, webSearches: 3 },
    rates: { input: 3, cached_input: 0.75, output: 15, web_search_per_thousand: 5 },
    nano: 27 * 3000 + 98 * 750 + 48 * 15_000 + 3 * 5_000_000,
  },
];

const CLAUDE_CASES: UsageCase[] = [
  {
    name: "Anthropic: reads and writes of both lifetimes stand beside the input",
    docs: "https://platform.claude.com/docs/en/build-with-claude/prompt-caching",
    dialect: claude,
    wire: {
      input_tokens: 2048,
      cache_read_input_tokens: 1800,
      cache_creation_input_tokens: 248,
      output_tokens: 503,
      cache_creation: { ephemeral_5m_input_tokens: 148, ephemeral_1h_input_tokens: 100 },
    },
    usage: {
      inputTokens: 2048 + 1800 + 248,
      cachedInputTokens: 1800,
      cacheWriteTokens: 148,
      cacheWrite1hTokens: 100,
      outputTokens: 503,
    },
    rates: { input: 3, cached_input: 0.3, cache_write: 3.75, cache_write_1h: 6, output: 15 },
    nano: 2048 * 3000 + 1800 * 300 + 148 * 3750 + 100 * 6000 + 503 * 15_000,
  },
  {
    name: "Anthropic: writes without a lifetime are of five minutes",
    docs: "https://platform.claude.com/docs/en/api/messages",
    dialect: claude,
    wire: {
      input_tokens: 21,
      cache_creation_input_tokens: 188_086,
      cache_read_input_tokens: 0,
      output_tokens: 393,
    },
    usage: { inputTokens: 188_107, cacheWriteTokens: 188_086, outputTokens: 393 },
    rates: { input: 3, cached_input: 0.3, cache_write: 3.75, cache_write_1h: 6, output: 15 },
    nano: 21 * 3000 + 188_086 * 3750 + 393 * 15_000,
  },
  {
    name: "Anthropic: thinking is part of the output, searches are paid by the thousand",
    docs: "https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool",
    dialect: claude,
    wire: {
      input_tokens: 105,
      output_tokens: 6039,
      output_tokens_details: { thinking_tokens: 4000 },
      cache_read_input_tokens: 7123,
      cache_creation_input_tokens: 7345,
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
    },
    usage: {
      inputTokens: 105 + 7123 + 7345,
      cachedInputTokens: 7123,
      cacheWriteTokens: 7345,
      outputTokens: 6039,
      reasoningTokens: 4000,
      webSearches: 2,
    },
    rates: { input: 3, cached_input: 0.3, cache_write: 3.75, output: 15, web_search_per_thousand: 10 },
    nano: 105 * 3000 + 7123 * 300 + 7345 * 3750 + 6039 * 15_000 + 2 * 10_000_000,
  },
];

const GEMINI_CASES: UsageCase[] = [
  {
    name: "Gemini: thoughts and what tools fed back stand beside, cached content stands within the prompt",
    docs: "https://ai.google.dev/api/generate-content#UsageMetadata",
    dialect: "gemini",
    wire: {
      promptTokenCount: 1500,
      cachedContentTokenCount: 1024,
      candidatesTokenCount: 90,
      toolUsePromptTokenCount: 300,
      thoughtsTokenCount: 410,
      totalTokenCount: 2300,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 1500 }],
      cacheTokensDetails: [{ modality: "TEXT", tokenCount: 1024 }],
      candidatesTokensDetails: [{ modality: "TEXT", tokenCount: 90 }],
      toolUsePromptTokensDetails: [{ modality: "TEXT", tokenCount: 300 }],
    },
    usage: { inputTokens: 1800, cachedInputTokens: 1024, outputTokens: 500, reasoningTokens: 410 },
    rates: { input: 1.25, cached_input: 0.125, output: 10 },
    nano: 776 * 1250 + 1024 * 125 + 500 * 10_000,
  },
  {
    name: "Gemini: sound within the prompt has a price of its own, as have pictures within the answer",
    docs: "https://ai.google.dev/gemini-api/docs/pricing",
    dialect: "gemini",
    wire: {
      promptTokenCount: 700,
      candidatesTokenCount: 1310,
      totalTokenCount: 2010,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 60 },
        { modality: "AUDIO", tokenCount: 640 },
      ],
      candidatesTokensDetails: [
        { modality: "TEXT", tokenCount: 20 },
        { modality: "IMAGE", tokenCount: 1290 },
      ],
    },
    usage: { inputTokens: 700, audioInputTokens: 640, outputTokens: 1310, imageOutputTokens: 1290 },
    rates: { input: 0.3, audio_input: 1, output: 2.5, image_output: 30 },
    nano: 60 * 300 + 640 * 1000 + 20 * 2500 + 1290 * 30_000,
  },
  {
    name: "Gemini: a prompt that was blocked has no candidates",
    docs: "https://ai.google.dev/api/generate-content#UsageMetadata",
    dialect: "gemini",
    wire: { promptTokenCount: 12, totalTokenCount: 12 },
    usage: { inputTokens: 12 },
    rates: { input: 1.25, output: 10 },
    nano: 12 * 1250,
  },
];

const OTHER_CASES: UsageCase[] = [
  {
    name: "Bedrock Converse: reads and writes of the cache stand beside the input, details tell lifetimes",
    docs: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html",
    dialect: "bedrock-converse",
    wire: {
      inputTokens: 30,
      outputTokens: 628,
      totalTokens: 2758,
      cacheReadInputTokens: 1500,
      cacheWriteInputTokens: 600,
      cacheDetails: [
        { ttl: "1h", inputTokens: 400 },
        { ttl: "5m", inputTokens: 200 },
      ],
    },
    usage: {
      inputTokens: 2130,
      cachedInputTokens: 1500,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 400,
      outputTokens: 628,
    },
    rates: { input: 3, cached_input: 0.3, cache_write: 3.75, cache_write_1h: 6, output: 15 },
    nano: 30 * 3000 + 1500 * 300 + 200 * 3750 + 400 * 6000 + 628 * 15_000,
  },
  {
    name: "Cohere: what is billed, not what the prompt came to",
    docs: "https://docs.cohere.com/v2/docs/how-does-cohere-pricing-work",
    dialect: "cohere",
    wire: { billed_units: { input_tokens: 5, output_tokens: 418 }, tokens: { input_tokens: 71, output_tokens: 418 } },
    usage: { inputTokens: 5, outputTokens: 418 },
    rates: { input: 2.5, output: 10 },
    nano: 5 * 2500 + 418 * 10_000,
  },
  {
    name: "Ollama: what was evaluated",
    docs: "https://docs.ollama.com/api/usage",
    dialect: "ollama",
    wire: {
      total_duration: 4_883_583_458,
      load_duration: 1_334_875,
      prompt_eval_count: 26,
      prompt_eval_duration: 342_546_000,
      eval_count: 282,
      eval_duration: 4_535_599_000,
    },
    usage: { inputTokens: 26, outputTokens: 282 },
    rates: { input: 1, output: 2 },
    nano: 26 * 1000 + 282 * 2000,
  },
  {
    name: "Legacy completions: counts in the form of chat",
    docs: "https://platform.openai.com/docs/api-reference/completions",
    dialect: "openai-completions",
    wire: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    usage: { inputTokens: 5, outputTokens: 7 },
    rates: { input: 1.5, output: 2 },
    nano: 5 * 1500 + 7 * 2000,
  },
];

/** All families. */
export const USAGE_CASES: readonly UsageCase[] = [
  ...CHAT_CASES,
  ...RESPONSES_CASES,
  ...CLAUDE_CASES,
  ...GEMINI_CASES,
  ...OTHER_CASES,
];
