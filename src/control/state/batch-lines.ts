import { isJsonObject, valueFrom, type JsonObject } from "../../canonical/json.ts";

/** A request of a batch, as its file states it. */
export interface BatchLine {
  customId: string;
  body: JsonObject;
}

/** What is wrong with a line of a batch's file: https://platform.openai.com/docs/api-reference/batch/object */
export interface LineError {
  code: string;
  line: number;
  message: string;
  param: string | null;
}

/** Endpoints whose requests may stand in a batch. */
export const BATCH_ENDPOINTS: readonly string[] = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/images/generations",
  "/v1/moderations",
  "/v1/rerank",
  "/v1/responses",
];

const MOST_ERRORS = 100;
/** Lines that are read before others get their turn. */
const SLICE = 500;

/** Reads the lines of a batch's file. With errors, the batch has none of its lines run. */
export async function readLines(
  text: string,
  endpoint: string,
  most: number,
): Promise<{ lines: BatchLine[]; errors: LineError[] }> {
  const reader = new LineChecks(endpoint);
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    if (line.trim() === "") continue;
    reader.read(line, number);
    if (reader.lines.length > most) {
      reader.fail("too_many_lines", number, `more than ${most} lines (batches.max_lines)`, null);
      break;
    }
    if (reader.errors.length >= MOST_ERRORS) break;
    if (number % SLICE === 0) await Bun.sleep(0);
  }
  if (reader.lines.length === 0 && reader.errors.length === 0) {
    reader.fail("empty_file", 1, "the file has no lines", null);
  }
  return reader;
}

class LineChecks {
  readonly lines: BatchLine[] = [];
  readonly errors: LineError[] = [];
  private readonly endpoint: string;
  private readonly ids = new Set<string>();

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  read(text: string, number: number): void {
    const line = valueFrom(text);
    if (!isJsonObject(line)) return this.fail("invalid_json_line", number, "this line is no JSON object", null);
    const { custom_id: customId, method, url, body } = line;
    if (typeof customId !== "string" || customId === "" || customId.length > 512) {
      return this.fail(
        "missing_required_parameter",
        number,
        "'custom_id' must be a text of 1 to 512 characters",
        "custom_id",
      );
    }
    if (this.ids.has(customId))
      return this.fail("duplicate_custom_id", number, "'custom_id' stands in the file twice", "custom_id");
    this.ids.add(customId);
    if (method !== "POST") return this.fail("invalid_method", number, "'method' must be POST", "method");
    if (url !== this.endpoint)
      return this.fail("mismatched_url", number, `'url' must be the batch's endpoint, ${this.endpoint}`, "url");
    if (!isJsonObject(body)) return this.fail("invalid_body", number, "'body' must be an object", "body");
    if (body["stream"] === true)
      return this.fail("invalid_body", number, "a line of a batch cannot stream", "body.stream");
    this.lines.push({ customId, body });
  }

  fail(code: string, line: number, message: string, param: string | null): void {
    this.errors.push({ code, line, message, param });
  }
}
