/** What the mock upstream answers, in the wire formats of the vendors. */

const TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(14);

const CHAT_ANSWER = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: TEXT, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: {
    prompt_tokens: 250,
    completion_tokens: 140,
    total_tokens: 390,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  },
  service_tier: "default",
  system_fingerprint: "fp_bench",
});

const MESSAGE_ANSWER = JSON.stringify({
  id: "msg_bench",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [{ type: "text", text: TEXT }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 250, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 140 },
});

const chatChunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_760_000_000, model: "gpt-4o-mini-2024-07-18", service_tier: "default", system_fingerprint: "fp_bench", choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], usage: null, obfuscation: "a1b2c3d4" })}\n\n`;

function chatStream(events: number): string[] {
  const middle = Array.from({ length: events - 3 }, (_, index) => chatChunk({ content: ` word${index}` }, null));
  const usage = {
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: "gpt-4o-mini",
    choices: [],
  };
  return [
    chatChunk({ role: "assistant", content: "" }, null),
    ...middle,
    chatChunk({}, "stop"),
    `data: ${JSON.stringify({ ...usage, usage: { prompt_tokens: 250, completion_tokens: events, total_tokens: 250 + events } })}\n\ndata: [DONE]\n\n`,
  ];
}

const messageEvent = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

function messageStream(events: number): string[] {
  const usage = { input_tokens: 250, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5-20250929",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const middle = Array.from({ length: events - 3 }, (_, index) =>
    messageEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text: ` word${index}` } }),
  );
  return [
    messageEvent("message_start", { message }) +
      messageEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...middle,
    messageEvent("content_block_stop", { index: 0 }) +
      messageEvent("message_delta", {
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: events },
      }),
    messageEvent("message_stop", {}),
  ];
}

/** The plain answer for a path. */
export function plainAnswer(path: string): string {
  return path.includes("/messages") ? MESSAGE_ANSWER : CHAT_ANSWER;
}

/** The events of a stream for a path. */
export function streamEvents(path: string, events: number): string[] {
  return path.includes("/messages") ? messageStream(events) : chatStream(events);
}
