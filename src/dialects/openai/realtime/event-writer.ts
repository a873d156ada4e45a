import type { JsonObject } from "../../../canonical/json.ts";
import type { SideContext } from "../../../canonical/realtime-events.ts";

/** Writes the server's events, each with an id, and the conversation's items, each behind the one before. */
export class EventWriter {
  readonly conversationId: string;
  /** Where events go while a message is being answered. */
  out: string[] = [];
  private readonly context: SideContext;
  private readonly prefix: string;
  private count = 0;
  private lastItem: string | null = null;
  private beforeLast: string | null = null;

  constructor(context: SideContext) {
    this.context = context;
    this.conversationId = context.newId("conv_");
    this.prefix = context.newId("event_");
  }

  /** The last item of the conversation. */
  get lastItemId(): string | null {
    return this.lastItem;
  }

  newId(prefix: string): string {
    return this.context.newId(prefix);
  }

  write(type: string, fields: JsonObject): void {
    this.writeText(type, JSON.stringify(fields).slice(1, -1));
  }

  /** `fields`: JSON text without its braces. */
  writeText(type: string, fields: string): void {
    this.count += 1;
    this.out.push(`{"type":"${type}","event_id":"${this.prefix}_${this.count}"${fields === "" ? "" : ","}${fields}}`);
  }

  /** `conversation.item.added` or `.done`. */
  item(type: string, item: JsonObject): void {
    const { id } = item;
    if (typeof id === "string" && id !== this.lastItem) {
      this.beforeLast = this.lastItem;
      this.lastItem = id;
    }
    this.write(type, { previous_item_id: this.beforeLast, item });
  }
}
