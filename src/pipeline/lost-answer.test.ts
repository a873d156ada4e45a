import { expect, test } from "bun:test";
import type { Item } from "../canonical/request.ts";
import type { Warning } from "../canonical/warning.ts";
import { anthropicMessages } from "../dialects/anthropic-messages/index.ts";
import { gemini } from "../dialects/gemini/index.ts";
import { openaiChat } from "../dialects/openai-chat/index.ts";
import { openaiResponses } from "../dialects/openai-responses/index.ts";
import { replayResponse } from "../canonical/replay.ts";
import { warnLostAnswer, warnLostPart } from "./lost-answer.ts";

const SEARCH: Item = {
  type: "opaque",
  dialect: "anthropic-messages",
  role: "assistant",
  value: { type: "server_tool_use", id: "s", name: "web_search", input: {} },
};
const CODE: Item = {
  type: "opaque",
  dialect: "gemini",
  role: "assistant",
  value: { part: { executableCode: { language: "PYTHON", code: "1" } } },
};
const IMAGE: Item = {
  type: "message",
  role: "assistant",
  content: [
    { type: "text", text: "see" },
    { type: "image", source: { type: "base64", data: "QQ==" }, mediaType: "image/png" },
  ],
};

test.each([
  [openaiChat, ["output.server_tool_use", "output.executableCode"]],
  [openaiResponses, ["output.server_tool_use", "output.executableCode"]],
  [gemini, ["output.server_tool_use"]],
  [anthropicMessages, ["output.executableCode", "output.image"]],
])("what clients of $name are not shown, whole and streamed", (dialect, fields) => {
  const items = [SEARCH, CODE, SEARCH, IMAGE];
  const response = {
    id: "r",
    model: "m",
    createdAt: 1,
    candidates: [{ index: 0, items, finishReason: "stop" as const }],
  };
  const whole: Warning[] = [];
  warnLostAnswer(response, dialect, whole);
  expect(whole.map(({ code, field }) => `${code} ${field}`)).toEqual(fields.map((field) => `dropped_content ${field}`));
  const streamed: Warning[] = [];
  for (const part of replayResponse(response)) warnLostPart(part, dialect, streamed);
  expect(streamed).toEqual(whole);
});
