import { GatewayError } from "../../../canonical/errors.ts";
import { isJsonObject, objectOf, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { ClientEvent, ClientSide, ServerEvent, SideContext } from "../../../canonical/realtime-events.ts";
import { samplesOf } from "./audio-format.ts";
import { encodeRealtimeError } from "./error-event.ts";
import { EventWriter } from "./event-writer.ts";
import { decodeItem } from "./item.ts";
import { ResponseWriter, type ResponseEnd } from "./response-writer.ts";
import { configOf, encodeView, unsupported, updatedView, usualView, type SessionView } from "./session-view.ts";
import { UserTurn } from "./user-turn.ts";

type Event<T extends ServerEvent["type"]> = Extract<ServerEvent, { type: T }>;
type Handler = (side: RealtimeClientSide, message: JsonObject, said: ClientEvent[]) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  "session.update": (side, message, said) => side.update(objectOf(message["session"]), said),
  "input_audio_buffer.append": (side, message, said) => side.append(message["audio"], said),
  "input_audio_buffer.commit": (side, _, said) => side.commit(said),
  "input_audio_buffer.clear": (side) => side.turn.clear(),
  "output_audio_buffer.clear": () => {
    throw unsupported("output_audio_buffer.clear");
  },
  "conversation.item.create": (side, message, said) => side.create(message, said),
  "conversation.item.truncate": (side, message) => side.truncate(message),
  "conversation.item.delete": () => {
    throw unsupported("conversation.item.delete");
  },
  "conversation.item.retrieve": () => {
    throw unsupported("conversation.item.retrieve");
  },
  "response.create": (side, message, said) => side.respond(objectOf(message["response"]), said),
  "response.cancel": (side, _, said) => side.cancel(said),
};

/** What one answer may have of its own. */
const RESPONSE_TAKEN: ReadonlySet<string> = new Set(["instructions", "metadata", "input", "conversation"]);

const ENDS: Readonly<Record<Event<"response_done">["status"], ResponseEnd>> = {
  completed: { status: "completed" },
  interrupted: { status: "cancelled", reason: "turn_detected" },
  cancelled: { status: "cancelled", reason: "client_cancelled" },
  incomplete: { status: "incomplete", reason: "max_output_tokens" },
  filtered: { status: "incomplete", reason: "content_filter" },
};

/**
 * A client of OpenAI's Realtime API (https://platform.openai.com/docs/api-reference/realtime) whose session is at a provider of
 * another protocol: it is told by today's events, and may speak the beta's.
 */
export class RealtimeClientSide implements ClientSide {
  readonly turn: UserTurn;
  private readonly context: SideContext;
  private readonly events: EventWriter;
  private view: SessionView;
  /** As the client wants it, until the provider has taken it. */
  private wanted: SessionView | null = null;
  private response: ResponseWriter | null = null;
  private metadata: JsonObject | null = null;
  /** The client has cancelled an answer that the provider goes on with. */
  private isMuted = false;
  /** The client has asked for an answer that has not begun. */
  private isAsked = false;
  /** The client's id of the event that is being taken. */
  private cause: string | null = null;

  constructor(context: SideContext) {
    this.context = context;
    this.events = new EventWriter(context);
    this.turn = new UserTurn(this.events, context);
    this.view = usualView(context.newId("sess_"), context.model);
  }

  open(out: string[]): void {
    this.events.out = out;
    this.events.write("session.created", { session: encodeView(this.view) });
  }

  decode(message: JsonObject, said: ClientEvent[], out: string[]): void {
    this.events.out = out;
    const { type, event_id: id } = message;
    this.cause = typeof id === "string" ? id : null;
    const handler = typeof type === "string" && Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
    try {
      if (handler === undefined) throw new GatewayError("invalid_request", "no such event", { param: "type" });
      handler(this, message, said);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.events.write("error", { error: encodeRealtimeError(error, this.cause) });
    }
  }

  encode(event: ServerEvent, out: string[]): void {
    this.events.out = out;
    switch (event.type) {
      case "ready":
        return this.updated();
      case "error":
        this.wanted = null;
        return this.events.write("error", { error: encodeRealtimeError(event.error, this.cause) });
      case "speech_started":
        return this.turn.begin();
      case "speech_stopped":
        return this.turn.end();
      case "content_done":
        return this.response?.closeMessage("completed");
      case "response_done":
        return this.done(event);
      default:
        return this.say(event);
    }
  }

  private say(event: ServerEvent): void {
    switch (event.type) {
      case "input_transcript":
        if (this.view.transcription !== null) this.turn.transcript(event.text, event.isFinal);
        return;
      case "text":
        return this.speaking()?.text(event.text);
      case "audio":
        return this.speaking()?.audio(event);
      case "transcript":
        return this.speaking()?.transcript(event.text);
      case "tool_call":
        return this.speaking()?.call(event);
      default:
        // Calls that are taken back, use beside answers and the end to come have no event.
        return;
    }
  }

  update(session: JsonObject, said: ClientEvent[]): void {
    const wanted = updatedView(this.wanted ?? this.view, session, this.context);
    this.wanted = wanted;
    said.push({ type: "configure", config: configOf(wanted, this.context) });
  }

  append(audio: Json | undefined, said: ClientEvent[]): void {
    if (typeof audio !== "string")
      throw new GatewayError("invalid_request", "audio must be base64", { param: "audio" });
    const isManual = this.view.turnDetection === null;
    if (isManual && this.turn.isSilent) said.push({ type: "speech_start" });
    this.turn.heard(audio, this.view.input, isManual);
    said.push({ type: "audio", ...samplesOf(audio, this.view.input) });
  }

  /** Where the provider listens, it is to believe that the user has ended. */
  commit(said: ClientEvent[]): void {
    this.turn.commit();
    if (this.view.turnDetection !== null) said.push({ type: "audio_pause" });
  }

  create(message: JsonObject, said: ClientEvent[]): void {
    const item = objectOf(message["item"]);
    const decoded = decodeItem(item, this.view.input);
    this.warnOfPlace(message["previous_item_id"]);
    const { id } = item;
    const known = { ...item, id: typeof id === "string" ? id : this.events.newId("item_"), object: "realtime.item" };
    const made = { ...known, status: "completed" };
    this.events.item("conversation.item.added", made);
    this.events.item("conversation.item.done", made);
    said.push({ type: "item", item: decoded });
  }

  private warnOfPlace(after: Json | undefined): void {
    if (after == null || after === this.events.lastItemId) return;
    this.context.warn("changed_field", "previous_item_id", "the item was added at the end of the conversation");
  }

  truncate({ item_id, content_index, audio_end_ms }: JsonObject): void {
    const text = "the provider knows by itself how much was heard before it was interrupted";
    this.context.warn("changed_field", "conversation.item.truncate", text);
    this.events.write("conversation.item.truncated", { item_id, content_index, audio_end_ms });
  }

  respond(response: JsonObject, said: ClientEvent[]): void {
    if (this.response !== null || this.isAsked)
      throw new GatewayError("invalid_request", "an answer is under way", { param: "response" });
    if (response["conversation"] === "none") throw unsupported("response.conversation");
    for (const field of Object.keys(response)) {
      if (RESPONSE_TAKEN.has(field) || response[field] == null) continue;
      this.context.warn("unsupported_field", `response.${field}`, "the session's own holds for all its answers");
    }
    const { instructions } = response;
    if (typeof instructions === "string" && instructions !== "") {
      const text = "sent as a message, as the session's own hold for all its answers";
      this.context.warn("changed_field", "response.instructions", text);
      said.push({
        type: "item",
        item: { type: "message", role: "system", parts: [{ type: "text", text: instructions }] },
      });
    }
    this.metadata = isJsonObject(response["metadata"]) ? response["metadata"] : null;
    if (Array.isArray(response["input"]))
      for (const item of response["input"])
        said.push({ type: "item", item: decodeItem(objectOf(item), this.view.input) });
    this.isAsked = true;
    said.push({ type: this.turn.take() ? "speech_end" : "respond" });
  }

  /** The other protocol cannot be told: what still comes of the answer is not passed on. */
  cancel(said: ClientEvent[]): void {
    if (this.response === null && !this.isAsked)
      throw new GatewayError("invalid_request", "no answer is under way", { param: "response_id" });
    this.context.warn("changed_field", "response.cancel", "the provider may go on with the answer, and bill for it");
    const response = this.response ?? this.begin();
    response.done(ENDS.cancelled, null);
    this.response = null;
    this.isAsked = false;
    this.isMuted = true;
    said.push({ type: "cancel" });
  }

  private updated(): void {
    this.view = this.wanted ?? this.view;
    this.wanted = null;
    this.events.write("session.updated", { session: encodeView(this.view) });
  }

  /** The answer under way, or a new one; null while what comes was cancelled. */
  private speaking(): ResponseWriter | null {
    if (this.isMuted) return null;
    return this.response ?? this.begin();
  }

  private begin(): ResponseWriter {
    if (!this.isAsked) this.turn.end();
    this.isAsked = false;
    const response = new ResponseWriter(this.events, this.view, this.metadata);
    this.metadata = null;
    this.response = response;
    return response;
  }

  private done({ status, usage }: Event<"response_done">): void {
    if (this.isMuted) {
      this.isMuted = false;
      return;
    }
    if (status === "interrupted") this.turn.begin();
    if (status === "interrupted" && this.response === null) return;
    const response = this.response ?? this.begin();
    response.done(ENDS[status], usage);
    this.response = null;
    if (status !== "interrupted") this.turn.close();
  }
}
