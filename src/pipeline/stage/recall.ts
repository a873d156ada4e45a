import { GatewayError } from "../../canonical/errors.ts";
import { textOf, isJsonObject, type Json, type JsonObject } from "../../canonical/json.ts";
import type { RawBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel } from "../../lib/json-scan.ts";
import type { RequestContext, Stage } from "../context.ts";
import { askerOf } from "../service/asker.ts";
import { conversationIn, conversationPlace } from "../service/conversations.ts";

/**
 * Finds what a turn of the Responses API goes on from: an answer that is kept here is put before the input, one that a
 * provider keeps, or a conversation, binds the request to that provider and key. What is of other callers is as unknown as
 * none.
 */
export const recall: Stage = {
  name: "recall",
  readsBody: true,
  admit(context: RequestContext): void | Promise<void> {
    const { dialect, body, operation } = context.arrival;
    if (dialect.name !== "openai-responses") return;
    const conversation = conversationIn(body.json);
    if (conversation !== null) return bindTo(context, conversation);
    const id = body.json["previous_response_id"];
    if (operation === "responses" && typeof id === "string" && id !== "") return goOnFrom(context, id);
  },
};

async function bindTo(context: RequestContext, id: string): Promise<void> {
  if (context.arrival.body.json["previous_response_id"] != null) {
    const text = "a request goes on from a response or from a conversation, not from both";
    throw new GatewayError("invalid_request", text, { param: "conversation" });
  }
  context.pinned = await conversationPlace(context, id);
}

async function goOnFrom(context: RequestContext, id: string): Promise<void> {
  const { state } = context.runtime;
  const asker = askerOf(context);
  const origin = await state.ask("response_origin", asker, { id });
  if (!isJsonObject(origin)) throw new GatewayError("internal_error", "the control thread's answer could not be read");
  if (origin["kind"] === "provider") {
    context.pinned = { provider: textOf(origin["provider"]), key: textOf(origin["provider_key"]) };
    return;
  }
  const items = await state.ask("response_replay", asker, { id });
  const { body } = context.arrival;
  const input = inputItems(body.json["input"]);
  context.turn = { input, previous: id };
  const { previous_response_id: _, ...rest } = body.json;
  context.arrival.body = rawOf({ ...rest, input: [...(Array.isArray(items) ? items : []), ...input] });
}

/** The items of an input; a text is a message of the user. */
export function inputItems(input: Json | undefined): Json[] {
  if (Array.isArray(input)) return input;
  return typeof input === "string"
    ? [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }]
    : [];
}

function rawOf(json: JsonObject): RawBody {
  const text = JSON.stringify(json);
  return { text, json, scan: scanTopLevel(text, { maxDepth: MAX_DEPTH }), form: null };
}

/** As of bodies. */
const MAX_DEPTH = 250;
