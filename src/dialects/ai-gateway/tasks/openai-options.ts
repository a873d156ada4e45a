import { isJsonObject, type Json, type JsonObject } from "../../../canonical/json.ts";
import type { TaskWire } from "../../../canonical/task.ts";
import { fieldsBeside, numberOf, objectOf, textOf } from "../wire.ts";
import { isEmptyObject } from "./provider-options.ts";

const OPENAI = "openai";

/**
 * Reads the options of OpenAI's own provider, in which clients of the AI SDK say what its calls of media models have no
 * fields for. What was not read is left for `extensions`.
 */
export class OpenAiOptions {
  private readonly sent: Json | undefined;
  private readonly own: JsonObject;
  private readonly read = new Set<string>();

  constructor({ body }: TaskWire) {
    this.sent = body["providerOptions"] ?? undefined;
    this.own = objectOf(objectOf(this.sent)?.[OPENAI]) ?? {};
  }

  text(name: string): string | undefined {
    return this.taken(name, textOf(this.own[name]));
  }

  number(name: string): number | undefined {
    return this.taken(name, numberOf(this.own[name]));
  }

  /** Those words of a list, undefined for none; a list that holds others too counts as not read. */
  words<Word extends string>(name: string, words: readonly Word[]): Word[] | undefined {
    const value = this.own[name];
    const list = Array.isArray(value) ? value : [];
    const found = list.flatMap((each) => words.filter((word) => word === each));
    if (found.length === list.length) this.read.add(name);
    return found.length === 0 ? undefined : found;
  }

  /** `providerOptions` without what was read; none where nothing is left. */
  rest(): { providerOptions?: Json } {
    const { sent } = this;
    if (!isJsonObject(sent)) return sent === undefined ? {} : { providerOptions: sent };
    const left = isJsonObject(sent[OPENAI]) ? { ...sent, [OPENAI]: fieldsBeside(this.own, this.read) } : sent;
    const filled = Object.entries(left).filter(
      ([name, value]) => name !== "__proto__" && value != null && !isEmptyObject(value),
    );
    return filled.length === 0 ? {} : { providerOptions: Object.fromEntries(filled) };
  }

  private taken<T>(name: string, value: T | undefined): T | undefined {
    if (value !== undefined) this.read.add(name);
    return value;
  }
}
