import { beforeEach, describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../canonical/json.ts";
import type { ClientEvent } from "../../../canonical/realtime-events.ts";
import type { Warning } from "../../../canonical/warning.ts";
import { RealtimeClientSide } from "./client-side.ts";

let side: RealtimeClientSide;
let warnings: Pick<Warning, "code" | "field">[];
let said: ClientEvent[];
let out: string[];

beforeEach(() => {
  let ids = 0;
  [warnings, said, out] = [[], [], []];
  side = new RealtimeClientSide({
    model: "m",
    transcriber: null,
    newId: (prefix) => `${prefix}${++ids}`,
    warn: (code, field) => void warnings.push({ code, field }),
  });
});

const tell = (message: JsonObject): void => side.decode(message, said, out);
const fields = (): string[] => warnings.map(({ field }) => field);
const item = (id: string): JsonObject => ({
  id,
  type: "message",
  role: "user",
  content: [{ type: "input_text", text: id }],
});

describe("response.create", () => {
  test("all that one answer cannot have of its own is named", () => {
    tell({
      type: "response.create",
      response: {
        instructions: "Shout.",
        metadata: { a: "b" },
        input: [item("a")],
        conversation: "auto",
        modalities: ["text"],
        output_modalities: ["text"],
        temperature: 0.5,
        max_response_output_tokens: 5,
        voice: "alloy",
        output_audio_format: "pcm16",
        tools: null,
      },
    });
    expect(said.map(({ type }) => type)).toEqual(["item", "item", "respond"]);
    expect(fields()).toEqual([
      "response.modalities",
      "response.output_modalities",
      "response.temperature",
      "response.max_response_output_tokens",
      "response.voice",
      "response.output_audio_format",
      "response.instructions",
    ]);
  });

  test("of what asks for nothing there is nothing to say", () => {
    tell({ type: "response.create", response: { conversation: "auto", metadata: null, input: [] } });
    expect(fields()).toEqual([]);
  });
});

describe("conversation.item.create", () => {
  const create = (id: string, previous?: string | null): void =>
    tell({
      type: "conversation.item.create",
      item: item(id),
      ...(previous !== undefined && { previous_item_id: previous }),
    });

  test("an item goes to the end, with a warning where another place is wanted", () => {
    for (const previous of [undefined, null]) create("a", previous);
    create("b", "a");
    expect(fields()).toEqual([]);
    create("c", "root");
    create("d", "a");
    expect(said).toHaveLength(5);
    expect(warnings).toEqual([
      { code: "changed_field", field: "previous_item_id" },
      { code: "changed_field", field: "previous_item_id" },
    ]);
  });
});

describe("session.update", () => {
  test.each([
    (transcription: JsonObject) => ({ audio: { input: { transcription } } }),
    (transcription: JsonObject) => ({ input_audio_transcription: transcription }),
  ])("of a transcription the language alone goes along", (session) => {
    tell({
      type: "session.update",
      session: session({ model: "whisper-1", language: "en", prompt: "Names", delay: null }),
    });
    expect(said).toMatchObject([{ type: "configure", config: { inputTranscript: { language: "en" } } }]);
    expect(warnings).toEqual([
      { code: "changed_field", field: "session.audio.input.transcription.model" },
      { code: "unsupported_field", field: "session.audio.input.transcription.prompt" },
    ]);
  });
});
