import type { ProviderFlags } from "../../canonical/dialect.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Opaque } from "../../canonical/opaque.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import type { TaggedState } from "./decode-tagged-delta.ts";
import type { ReasoningForm } from "./reasoning-form.ts";
import { sealForm } from "./reasoning-form.ts";
import { CHAT } from "./wire.ts";

/** The message item that text goes to. */
export interface OpenMessage {
  index: number;
  /** Number of the current text or refusal part. */
  part: number;
  kind: "text" | "refusal" | undefined;
}

/** The reasoning item that is being streamed. */
export interface OpenReasoning {
  index: number;
  form: ReasoningForm;
  /** State of another maker, sealed by a gateway before this one. */
  opaque: Opaque | undefined;
  /** The entry's state has its signature or data, so that more text begins another entry. */
  sealed: boolean;
}

/** A tool call. It stays open until the choice ends: parallel calls may interleave. */
export interface OpenCall {
  /** Undefined until the name is known. */
  index: number | undefined;
  wireIndex: number | undefined;
  id: string;
  name: string;
  kind: "function" | "custom";
  /** Arguments that came before the name. */
  held: string;
  /** All arguments so far of a call that came without an id; undefined where the id tells calls apart. */
  said: string | undefined;
  hasArguments: boolean;
  extra: JsonObject | undefined;
  fields: JsonObject | undefined;
  legacy: boolean;
}

/** What is known of one choice. */
export interface ChoiceState {
  number: number;
  message: OpenMessage | undefined;
  reasoning: OpenReasoning | undefined;
  calls: OpenCall[];
  finishWord: string | undefined;
  stopSequence: string | undefined;
  finished: boolean;
  /** Unnamed fields of the choice and of its deltas, the last value of each. */
  fields: JsonObject | undefined;
  messageFields: JsonObject | undefined;
  /** Undefined until text came from a host whose models may write reasoning into it. */
  tagged: TaggedState | undefined;
}

/** What is known of one streamed answer. */
export interface StreamState {
  flags: ProviderFlags;
  started: boolean;
  ended: boolean;
  /** Number of the next item. */
  nextIndex: number;
  choices: ChoiceState[];
  serviceTier: string | undefined;
  /** Unnamed fields of the chunks, the last value of each, and those that came or changed after the start. */
  fields: JsonObject;
  late: JsonObject | undefined;
}

/** The state before the first chunk. */
export function createStreamState(flags: ProviderFlags): StreamState {
  return {
    flags,
    started: false,
    ended: false,
    nextIndex: 0,
    choices: [],
    serviceTier: undefined,
    fields: {},
    late: undefined,
  };
}

/** The state of a choice, made when it is new. */
export function choiceOf(state: StreamState, number: number): ChoiceState {
  for (const choice of state.choices) if (choice.number === number) return choice;
  const made: ChoiceState = {
    number,
    message: undefined,
    reasoning: undefined,
    calls: [],
    finishWord: undefined,
    stopSequence: undefined,
    finished: false,
    fields: undefined,
    messageFields: undefined,
    tagged: undefined,
  };
  state.choices.push(made);
  return made;
}

/** The open message item, begun when there is none. Ends the reasoning before it. */
export function openMessage(state: StreamState, choice: ChoiceState, out: StreamPart[]): OpenMessage {
  if (choice.message !== undefined) return choice.message;
  closeReasoning(choice, out);
  const index = state.nextIndex++;
  out.push({ type: "item_start", index, candidate: choice.number, kind: "message" });
  choice.message = { index, part: 0, kind: undefined };
  return choice.message;
}

/** Begins a reasoning item. Ends the message and the reasoning before it. */
export function openReasoning(
  state: StreamState,
  choice: ChoiceState,
  form: ReasoningForm,
  out: StreamPart[],
): OpenReasoning {
  closeMessage(choice, out);
  closeReasoning(choice, out);
  const index = state.nextIndex++;
  const extensions = { [CHAT]: { ...form } };
  out.push({ type: "item_start", index, candidate: choice.number, kind: "reasoning", extensions });
  choice.reasoning = { index, form, opaque: undefined, sealed: false };
  return choice.reasoning;
}

/** Ends the open message item, if any. */
export function closeMessage(choice: ChoiceState, out: StreamPart[]): void {
  if (choice.message === undefined) return;
  out.push({ type: "item_end", index: choice.message.index });
  choice.message = undefined;
}

/** Ends the open reasoning item, if any, with its state. */
export function closeReasoning(choice: ChoiceState, out: StreamPart[]): void {
  const { reasoning } = choice;
  if (reasoning === undefined) return;
  out.push({ type: "item_opaque", index: reasoning.index, opaque: reasoning.opaque ?? sealForm(reasoning.form) });
  out.push({ type: "item_end", index: reasoning.index });
  choice.reasoning = undefined;
}
