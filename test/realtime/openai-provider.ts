import type { MockSocket } from "../mock-upstream/socket-server.ts";

/** Usage of one answer, as in `RealtimeResponseUsage`. */
export const USAGE = {
  total_tokens: 150,
  input_tokens: 100,
  output_tokens: 50,
  input_token_details: {
    text_tokens: 40,
    audio_tokens: 60,
    cached_tokens: 20,
    cached_tokens_details: { text_tokens: 10, audio_tokens: 10 },
  },
  output_token_details: { text_tokens: 10, audio_tokens: 40 },
};

/** The events of one answer, in the order of the vendor's documentation. */
export function answerEvents(text: string, usage: object = USAGE): object[] {
  const item = { id: "item_1", type: "message", role: "assistant", status: "in_progress", content: [] };
  const at = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
  return [
    { type: "response.created", event_id: "e1", response: { id: "resp_1", status: "in_progress", output: [] } },
    { type: "response.output_item.added", event_id: "e2", response_id: "resp_1", output_index: 0, item },
    { type: "response.output_text.delta", event_id: "e3", ...at, delta: text },
    { type: "response.output_audio.delta", event_id: "e4", ...at, delta: "A".repeat(6400) },
    { type: "response.output_text.done", event_id: "e5", ...at, text },
    {
      type: "response.done",
      event_id: "e6",
      response: { id: "resp_1", object: "realtime.response", status: "completed", output: [item], usage },
    },
  ];
}

/** The events of an answer that calls tools, each with the arguments `{"x":1}`. */
export function callEvents(calls: [id: string, name: string][]): object[] {
  return [
    { type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } },
    ...calls.map(([id, name]) => ({
      type: "response.output_item.done",
      item: { type: "function_call", call_id: id, name, arguments: '{"x":1}', status: "completed" },
    })),
    { type: "response.done", response: { status: "completed", output: [], usage: USAGE } },
  ];
}

/** Speaks as OpenAI's Realtime API does: a session is created, updates are confirmed, `response.create` is answered. */
export function speakRealtime(socket: MockSocket, onResponse?: (socket: MockSocket, count: number) => void): void {
  const model = new URL(socket.path, "http://x").searchParams.get("model");
  let count = 0;
  socket.text({
    type: "session.created",
    event_id: "e0",
    session: { id: "sess_1", object: "realtime.session", model },
  });
  socket.onMessage = (message) => {
    const event = JSON.parse(message.toString()) as { type: string; session?: object };
    if (event.type === "session.update")
      socket.text({ type: "session.updated", event_id: "u", session: event.session });
    if (event.type !== "response.create") return;
    count += 1;
    if (onResponse !== undefined) return onResponse(socket, count);
    for (const each of answerEvents("Hello there")) socket.text(each);
  };
}
