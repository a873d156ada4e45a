import type { UsageCase } from "./usage-case.ts";
import { CHAT_CASES, RESPONSES_CASES } from "./usage-openai.ts";

const claude = "anthropic-messages";

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
