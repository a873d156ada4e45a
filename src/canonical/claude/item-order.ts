import { warnOnce, type Warning } from "../warning.ts";
import { newItem, type ItemPart, type ItemState } from "./item-state.ts";

/** Writes the parts of items as the blocks of one wire. */
export interface ItemSink {
  write(part: ItemPart, item: ItemState): void;
  /** Closes the open block, if there is one. */
  stop(): void;
  /** True for a part that writes nothing for its item: it must not take the wire from another. */
  isSilent(part: ItemPart, item: ItemState): boolean;
}

/**
 * Puts the items of an answer, which may come side by side, into blocks that follow each other strictly: a tool call keeps the
 * wire until it ends, and what other items say meanwhile waits; text and thinking give way at once and go on in a further
 * block. Items of other candidates than the first have no place.
 */
export class ItemOrder {
  private readonly sink: ItemSink;
  private readonly warnings: Warning[];
  private readonly items = new Map<number, ItemState>();
  /** The item that has the wire. */
  private current: ItemState | undefined;
  /** Items with parts that wait, in order of appearance. */
  private waiting: ItemState[] = [];

  constructor(sink: ItemSink, warnings: Warning[]) {
    this.sink = sink;
    this.warnings = warnings;
  }

  take(part: ItemPart): void {
    let item = this.items.get(part.index);
    if (item === undefined) {
      if (!("candidate" in part) || part.candidate !== 0) return;
      item = newItem(part);
      this.items.set(part.index, item);
    }
    if (part.type === "citation" && item.isEnded) return this.leaveOutSource();
    if (part.type === "item_end") item.isEnded = true;
    const { current } = this;
    if (current !== undefined && current !== item) {
      if (current.kind === "tool_call" || this.waiting.length > 0) return this.hold(part, item);
      if (this.sink.isSilent(part, item)) return;
      this.close(current);
    }
    this.write(part, item);
  }

  /** What never ended is closed now. */
  flush(): void {
    this.sink.stop();
    for (const item of this.waiting) {
      item.isEnded = true;
      this.writeHeld(item);
      this.sink.stop();
    }
    this.waiting = [];
  }

  /** A block is not opened again, and one without text would be refused when it comes back. */
  private leaveOutSource(): void {
    warnOnce(this.warnings, "dropped_content", "citations", "sources that came after their text was closed");
  }

  private hold(part: ItemPart, item: ItemState): void {
    if (item.held.length === 0) this.waiting.push(item);
    item.held.push(part);
  }

  private write(part: ItemPart, item: ItemState): void {
    this.current = item;
    this.sink.write(part, item);
    if (part.type !== "item_end" && part.type !== "opaque_item") return;
    this.current = undefined;
    this.writeWaiting();
  }

  /** Lets the waiting items speak, in their order, until a tool call is reached that has not ended: it keeps the wire. */
  private writeWaiting(): void {
    while (this.current === undefined) {
      const item = this.waiting.shift();
      if (item === undefined) return;
      this.writeHeld(item);
    }
  }

  private writeHeld(item: ItemState): void {
    const parts = item.held;
    item.held = [];
    for (const part of parts) this.sink.write(part, item);
    const isOver = item.isEnded || item.kind === "opaque";
    const keepsWire = !isOver && (item.kind === "tool_call" || this.waiting.length === 0);
    this.current = keepsWire ? item : undefined;
    if (!keepsWire) this.close(item);
  }

  private close(item: ItemState): void {
    item.part = -1;
    this.sink.stop();
  }
}
