import { GatewayError } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { FormPart, TaskWire } from "./task.ts";
import type { MediaInput } from "./tasks/media-input.ts";

/** The error of a field that no provider could accept. */
export function invalidField(param: string, wanted: string): GatewayError {
  return new GatewayError("invalid_request", `${param}: must be ${wanted}`, { param });
}

/**
 * Reads the fields of a task's body. In a form every value is text, and lists are fields named `name[]` or that stand several
 * times. `null` counts as absent. What was not asked for is left for `extensions`.
 */
export class TaskFields {
  private readonly body: JsonObject;
  private readonly form: readonly FormPart[] | null;
  private readonly read = new Set<string>();

  constructor({ body, form }: TaskWire) {
    this.body = body;
    this.form = form;
  }

  /** Throws when it is not a text, or absent where `isRequired`. */
  text(name: string, isRequired: true): string;
  text(name: string, isRequired?: false): string | undefined;
  text(name: string, isRequired = false): string | undefined {
    const value = this.value(name);
    if (typeof value === "string" && (value !== "" || !isRequired)) return value;
    if (value === undefined && !isRequired) return undefined;
    throw invalidField(name, isRequired ? "a text that is not empty" : "a text");
  }

  number(name: string, least = -Infinity): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = this.form !== null && typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number) && number >= least) return number;
    throw invalidField(name, least === -Infinity ? "a number" : `a number from ${least}`);
  }

  flag(name: string): boolean {
    const value = this.value(name);
    if (value === undefined || value === false || (this.form !== null && value === "false")) return false;
    if (value === true || (this.form !== null && value === "true")) return true;
    throw invalidField(name, "true or false");
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found === undefined) throw invalidField(name, `one of ${words.map((word) => `\`${word}\``).join(", ")}`);
    return found;
  }

  /** A list of texts; one text stands for a list of one. */
  texts(name: string): string[] {
    const value = this.value(name) ?? this.value(`${name}[]`);
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value : [value];
    return list.map((each, at) => {
      if (typeof each !== "string") throw invalidField(`${name}[${at}]`, "a text");
      return each;
    });
  }

  /** A value of any kind. */
  value(name: string): Json | undefined {
    this.read.add(name);
    return (Object.hasOwn(this.body, name) ? this.body[name] : undefined) ?? undefined;
  }

  /** The files of that name in a form, also those named `name[]`. */
  files(name: string): MediaInput[] {
    const parts = (this.form ?? []).filter((part) => isFile(part) && (part.name === name || part.name === `${name}[]`));
    return parts.map(({ data, filename = "file", contentType }) => {
      const media: MediaInput = { type: "bytes", data, filename };
      if (contentType !== undefined) media.mediaType = contentType;
      return media;
    });
  }

  /** A file of a form; throws when it is missing where `isRequired`. */
  file(name: string, isRequired: true): MediaInput;
  file(name: string, isRequired?: false): MediaInput | undefined;
  file(name: string, isRequired = false): MediaInput | undefined {
    const found = this.files(name)[0];
    if (found === undefined && isRequired) throw invalidField(name, "a file of a multipart form");
    return found;
  }

  /** Fields that nobody has asked for. */
  rest(): JsonObject {
    return Object.fromEntries(Object.entries(this.body).filter(([name]) => !this.read.has(name)));
  }
}

function isFile({ filename, contentType }: FormPart): boolean {
  return filename !== undefined || (contentType !== undefined && !contentType.startsWith("text/plain"));
}

/** A file by its address or id, as JSON bodies name them: `{image_url}` or `{file_id}`. */
export function referenceOf(value: Json | undefined, param: string): MediaInput {
  if (isJsonObject(value)) {
    if (typeof value["file_id"] === "string") return { type: "file_id", id: value["file_id"] };
    if (typeof value["image_url"] === "string") return { type: "url", url: value["image_url"] };
  }
  throw invalidField(param, "an object with `image_url` or `file_id`");
}
