import { sseEvent } from "../../lib/sse-write.ts";
import type { JsonObject } from "../../canonical/json.ts";

/** Writes the events of one stream to a client: numbers them, and frames them as the vendor does, with an `event:` line. */
export class StreamWriter {
  private sequence = 0;
  private text = "";

  /** Adds an event. */
  event(type: string, fields: JsonObject): void {
    const body = JSON.stringify({ type, sequence_number: this.sequence, ...fields });
    this.sequence += 1;
    this.text += `event: ${type}\ndata: ${body}\n\n`;
  }

  /** Adds an event whose other fields are JSON text already, such as `"delta":"a"`. */
  eventText(type: string, fields: string): void {
    this.text += `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.sequence},${fields}}\n\n`;
    this.sequence += 1;
  }

  /** The number that the next event gets. */
  get nextSequence(): number {
    return this.sequence;
  }

  /** Adds an event whose data was written before, with this writer's next number in it. */
  written(type: string, data: string): void {
    this.text += sseEvent(type, data);
    this.sequence += 1;
  }

  /** Adds a comment, which clients ignore. */
  comment(): void {
    this.text += ": ping\n\n";
  }

  /** What was added since the last call. */
  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }
}
