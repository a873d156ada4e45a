import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { ReasoningItem } from "../../canonical/request.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { openaiResponses } from "./index.ts";
import { replyTo, call, encode, eventsOf, START, item, text, stopped, END } from "./fixtures/stream-parts.ts";

describe("createStreamEncoder", () => {
  test("images become items of their own, audio goes by audio events, other media by link", () => {
    const events = eventsOf(
      encode([
        START,
        item(0, "message"),
        {
          type: "media",
          index: 0,
          media: { type: "image", source: { type: "base64", data: "QUJD" }, mediaType: "image/png" },
        },
        {
          type: "media",
          index: 0,
          chunk: true,
          media: { type: "audio", source: { type: "base64", data: "QQ" }, transcript: "he" },
        },
        {
          type: "media",
          index: 0,
          chunk: true,
          media: { type: "audio", source: { type: "base64", data: "Qg" }, transcript: "y" },
        },
        { type: "media", index: 0, media: { type: "video", source: { type: "url", url: "https://v" } } },
        { type: "item_end", index: 0 },
        stopped,
        END,
      ]),
    );
    expect(events.at(-1)?.response.output).toMatchObject([
      {
        type: "message",
        content: [
          { type: "output_text", text: "https://v" },
          { type: "output_audio", data: "QQQg", transcript: "hey" },
        ],
      },
      { type: "image_generation_call", result: "QUJD", output_format: "png", status: "completed" },
    ]);
    const audio = events.filter((event) => event.type === "response.audio.delta");
    expect(audio.map((event) => event.delta)).toEqual(["QQ", "Qg"]);
  });

  test("events of this dialect are relayed, with this stream's numbers", () => {
    const added = {
      type: "response.output_item.added",
      sequence_number: 2,
      output_index: 4,
      item: { id: "ws_1", type: "web_search_call" },
    };
    const progress = {
      type: "response.web_search_call.searching",
      sequence_number: 9,
      output_index: 4,
      item_id: "ws_1",
    };
    const done = { id: "ws_1", type: "web_search_call", status: "completed" };
    const unknown = (event: JsonObject): StreamPart => ({
      type: "unknown",
      dialect: "openai-responses",
      event: typeof event.type === "string" ? event.type : "",
      data: JSON.stringify(event),
    });
    const opaque = { type: "opaque_item", candidate: 0, dialect: "openai-responses" } as const;
    const events = eventsOf(
      encode([
        START,
        unknown(added),
        unknown(progress),
        { ...opaque, index: 0, value: done },
        { ...opaque, index: 1, value: { id: "mcp_1", type: "mcp_call" } },
        { type: "unknown", dialect: "gemini", event: "x", data: "{}" },
        { type: "unknown", dialect: "openai-responses", event: "y", data: "no json" },
        { type: "opaque_item", index: 2, candidate: 0, dialect: "gemini", value: {} },
        END,
      ]),
    );
    expect(events.map((event) => [event.type, event.sequence_number, event.output_index])).toEqual([
      ["response.created", 0, undefined],
      ["response.in_progress", 1, undefined],
      ["response.output_item.added", 2, 0],
      ["response.web_search_call.searching", 3, 0],
      ["response.output_item.done", 4, 0],
      ["response.output_item.added", 5, 1],
      ["response.output_item.done", 6, 1],
      ["response.completed", 7, undefined],
    ]);
    expect(events.at(-1)?.response.output).toEqual([done, { id: "mcp_1", type: "mcp_call" }]);
  });

  test("text that comes back to an earlier part joins it", () => {
    const events = eventsOf(
      encode([
        START,
        item(0, "message"),
        text(0, "a"),
        text(0, "b", 1),
        text(0, "c"),
        { type: "item_end", index: 0 },
        END,
      ]),
    );
    expect(events.at(-1)?.response.output).toMatchObject([{ content: [{ text: "ac" }, { text: "b" }] }]);
  });

  test("full reasoning is a summary for a client that asked for one", () => {
    const thought: StreamPart[] = [item(0, "reasoning")];
    for (const said of ["th", "ink"])
      thought.push({ type: "reasoning_delta", index: 0, channel: "text", part: 0, text: said });
    const parts: StreamPart[] = [...thought, { type: "item_end", index: 0 }, END];
    const asked = { reasoning: { summary: "auto" } };
    const shown = { type: "reasoning", summary: [{ type: "summary_text", text: "think" }] };
    expect(eventsOf(encode([START, ...parts], asked)).at(-1)?.response.output).toEqual([
      { id: "rs_tl_respreq1_0", ...shown },
    ]);
    const own: StreamPart = { ...START, extensions: { "openai-responses": { store: true } } };
    const kept = [{ summary: [], content: [{ type: "reasoning_text", text: "think" }] }];
    expect(eventsOf(encode([own, ...parts], asked)).at(-1)?.response.output).toMatchObject(kept);
    expect(eventsOf(encode([START, ...parts])).at(-1)?.response.output).toMatchObject(kept);
    const items: ReasoningItem[] = [{ type: "reasoning", summary: [], text: "think" }];
    const response = {
      id: "",
      model: "",
      createdAt: 0,
      candidates: [{ index: 0, items, finishReason: "stop" as const }],
    };
    expect(openaiResponses.encodeResponse(response, replyTo(asked)).output).toMatchObject([shown]);
  });

  test("an event before the first one is left out", () => {
    const early: StreamPart = { type: "unknown", dialect: "openai-responses", event: "x", data: "{}" };
    expect(eventsOf(encode([early, START, END])).map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.completed",
    ]);
  });

  test("pings are comments, further candidates are left out", () => {
    expect(encode([{ type: "ping" }])).toBe(": ping\n\n");
    const events = eventsOf(
      encode([START, item(0, "message", 1), text(0, "a"), { type: "finish", candidate: 1, reason: "length" }, END]),
    );
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: [] } });
  });

  test("a failed answer holds what was sent of the items under way", () => {
    const error = new GatewayError("upstream_error", "broke");
    const failing: StreamPart[] = [
      START,
      item(0, "reasoning"),
      { type: "reasoning_delta", index: 0, channel: "text", part: 0, text: "hm" },
      item(1, "message"),
      text(1, "said"),
      call(2, "f"),
      { type: "tool_delta", index: 2, text: '{"a"' },
      call(3, "g"),
      { type: "error", error },
    ];
    const events = eventsOf(encode(failing));
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: {
        status: "failed",
        output: [
          { type: "reasoning", content: [{ type: "reasoning_text", text: "hm" }] },
          { type: "message", status: "incomplete", content: [{ type: "output_text", text: "said" }] },
          { type: "function_call", status: "incomplete", arguments: '{"a"' },
          { type: "function_call", status: "in_progress", arguments: "" },
        ],
      },
    });
  });

  test("a call that the limit cut is incomplete in the whole answer, whatever carries its state", () => {
    const cut: StreamPart = { type: "finish", candidate: 0, reason: "length" };
    const opaque = { maker: "gemini", kind: "signature", value: "s" } as const;
    const started: StreamPart = { ...(call(0, "f") as Extract<StreamPart, { type: "item_start" }>), opaque };
    const parts: StreamPart[] = [START, started, { type: "tool_delta", index: 0, text: '{"a' }];
    const events = eventsOf(encode([...parts, { type: "item_end", index: 0 }, cut, END]));
    expect(events.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { output: [{ type: "function_call", status: "incomplete" }, { type: "reasoning" }] },
    });
  });
});
