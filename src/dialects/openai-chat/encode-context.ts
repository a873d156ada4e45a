import type { DocumentForm } from "../../canonical/dialect.ts";
import type { GptTraits } from "../../canonical/gpt/model-traits.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { DialectName } from "../../canonical/names.ts";
import { addWarning, type Warning } from "../../canonical/warning.ts";
import { textOf } from "./wire.ts";

/** What encoders of messages need to know of the side that they write for. */
export interface EncodeContext {
  /** The conversation came in this dialect: its own spelling and extensions go out again. */
  own: boolean;
  /** Written for a client, who gets everything readable, rather than for an upstream, which refuses what it does not know. */
  toClient: boolean;
  /** The one field that the host reads earlier reasoning from. */
  reasoningField?: string | undefined;
  /** It refuses an assistant's tool calls without that field. */
  needsReasoning?: boolean | undefined;
  /** The host's form of a document, where it has one of its own. */
  documents?: DocumentForm | undefined;
  /** The host takes no other ids of calls than nine letters and digits. */
  shortCallIds?: boolean | undefined;
  /** Free text goes as a function's one text argument. */
  noCustomTools?: boolean | undefined;
  /** What a model of OpenAI's takes of another dialect's request; undefined for models of others. */
  gpt?: GptTraits | undefined;
  /** The client sent `functions`: the answer's call goes out as `function_call`. */
  legacy: boolean;
  /** Receives what could not be carried over; each code and field once. */
  warnings: Warning[];
}

/** Notes what could not be carried over, once a field. */
export function warn(context: EncodeContext, code: Warning["code"], field: string, message: string): void {
  for (const known of context.warnings) if (known.code === code && known.field === field) return;
  addWarning(context.warnings, { code, field, message });
}

/** Notes that something only another dialect knows stays behind. `place` is where it stood, such as `content`. */
export function warnForeign(context: EncodeContext, place: string, value: JsonObject, dialect: DialectName): void {
  const type = textOf(value["type"]) ?? place;
  warn(context, "dropped_content", `${place}.${type}`, `chat completions have no form for ${type} of ${dialect}`);
}
