import type { Json, JsonObject } from "../../canonical/json.ts";
import { isJsonObject, valueFrom } from "../../canonical/json.ts";
import type { StreamPart } from "../../canonical/stream-part.ts";
import { makeCallId } from "./call-id.ts";
import { argumentsText, callFields, decodeExtraContent } from "./decode-tool-calls.ts";
import type { ChoiceState, OpenCall, StreamState } from "./stream-state.ts";
import { closeMessage, closeReasoning } from "./stream-state.ts";
import { extensionsWith } from "./shape.ts";
import { numberOf, objectOf, textOf } from "./wire.ts";

/** Decodes `delta.tool_calls`: pieces of calls, whole calls, or several of either. */
export function decodeCallDeltas(state: StreamState, choice: ChoiceState, calls: Json, out: StreamPart[]): void {
  if (!Array.isArray(calls)) return;
  for (const call of calls) if (isJsonObject(call)) decodeCallDelta(state, choice, call, out);
}

/** Decodes `delta.function_call`, from before tools existed. */
export function decodeFunctionDelta(
  state: StreamState,
  choice: ChoiceState,
  delta: JsonObject,
  out: StreamPart[],
): void {
  const call = choice.calls.find((known) => known.legacy) ?? addCall(choice, undefined, undefined, "function");
  call.legacy = true;
  call.name ||= textOf(delta["name"]) ?? "";
  addArguments(state, choice, call, argumentsText(delta["arguments"]), out);
}

function decodeCallDelta(state: StreamState, choice: ChoiceState, delta: JsonObject, out: StreamPart[]): void {
  const custom = objectOf(delta["custom"]);
  const body = objectOf(delta["function"]) ?? custom ?? {};
  const id = textOf(delta["id"]);
  const name = textOf(body["name"]);
  const wireIndex = numberOf(delta["index"]);
  const kind = custom === undefined ? "function" : "custom";
  const text = argumentsText(body["arguments"] ?? body["input"]);
  const call = findCall(choice, wireIndex, id, name, text) ?? addCall(choice, wireIndex, id, kind);
  call.name ||= name ?? "";
  call.extra ??= objectOf(delta["extra_content"]);
  keepFields(call, delta);
  addArguments(state, choice, call, text, out);
}

/** Unnamed fields count until the call has begun; hosts put them into its first piece. */
function keepFields(call: OpenCall, delta: JsonObject): void {
  if (call.index !== undefined) return;
  const { index: _index, ...rest } = callFields(delta) ?? {};
  for (const _ in rest) {
    call.fields = { ...call.fields, ...rest };
    return;
  }
}

/**
 * The call that a piece belongs to; nothing when it begins another. Hosts leave `index` out, send 0 for every call, or
 * repeat id and name in each piece, so: another id together with a name is another call, whatever its index; without
 * an index the id decides; without both, a name begins a call. Where no id ever comes, the same name with further arguments
 * begins another call once those before are whole (Google's compatible endpoint: every call 0, every id "").
 */
function findCall(
  choice: ChoiceState,
  wireIndex: number | undefined,
  id: string | undefined,
  name: string | undefined,
  text: string,
): OpenCall | undefined {
  const { calls } = choice;
  if (wireIndex !== undefined) {
    const known = calls.findLast((call) => call.wireIndex === wireIndex);
    if (known === undefined || !isAnother(known, id, name, text)) return known;
    return id === undefined ? undefined : calls.find((call) => call.wireIndex === wireIndex && call.id === id);
  }
  if (id !== undefined) return calls.find((call) => call.id === id) ?? adopt(calls, name);
  return name === undefined ? calls.at(-1) : undefined;
}

/** Without an index, an id that no call has, on a piece without a name, is one that the host makes anew for each piece. */
function adopt(calls: OpenCall[], name: string | undefined): OpenCall | undefined {
  return name === undefined ? calls.at(-1) : undefined;
}

function isAnother(known: OpenCall, id: string | undefined, name: string | undefined, text: string): boolean {
  if (name === undefined || known.name === "") return false;
  if (id !== undefined) return id !== known.id;
  return name === known.name ? text !== "" && isWhole(known.said) : known.hasArguments;
}

function isWhole(said: string | undefined): boolean {
  return said?.endsWith("}") === true && valueFrom(said) !== undefined;
}

function addCall(
  choice: ChoiceState,
  wireIndex: number | undefined,
  id: string | undefined,
  kind: OpenCall["kind"],
): OpenCall {
  const call: OpenCall = {
    index: undefined,
    wireIndex,
    id: id ?? makeCallId(),
    name: "",
    kind,
    held: "",
    said: id === undefined ? "" : undefined,
    hasArguments: false,
    extra: undefined,
    fields: undefined,
    legacy: false,
  };
  choice.calls.push(call);
  return call;
}

function addArguments(state: StreamState, choice: ChoiceState, call: OpenCall, text: string, out: StreamPart[]): void {
  if (call.said !== undefined) call.said += text;
  if (call.index === undefined) {
    call.held += text;
    if (call.name !== "") beginCall(state, choice, call, out);
    return;
  }
  if (text === "") return;
  call.hasArguments = true;
  out.push({ type: "tool_delta", index: call.index, text });
}

/** Begins a call's item, with what was held of its arguments. */
export function beginCall(state: StreamState, choice: ChoiceState, call: OpenCall, out: StreamPart[]): void {
  closeMessage(choice, out);
  closeReasoning(choice, out);
  const index = state.nextIndex++;
  call.index = index;
  const opaque = decodeExtraContent(call.extra);
  const extensions = extensionsWith(call.fields, call.legacy ? { legacy: true } : undefined);
  out.push({
    type: "item_start",
    index,
    candidate: choice.number,
    kind: "tool_call",
    callId: call.id,
    name: call.name,
    toolKind: call.kind,
    ...(opaque !== undefined && { opaque }),
    ...(extensions !== undefined && { extensions }),
  });
  if (call.held === "") return;
  call.hasArguments = true;
  out.push({ type: "tool_delta", index, text: call.held });
  call.held = "";
}
