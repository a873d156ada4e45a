import type { Frame } from "../../../canonical/dialect.ts";
import { eventData } from "../../../canonical/event-data.ts";
import type { TaskEvent, TaskEventReader } from "../../../canonical/task.ts";
import type { ImageOptions } from "../../../canonical/tasks/image.ts";
import { emptyUsage, unitUsage, type Usage } from "../../../canonical/usage.ts";
import { decodeMediaUsage } from "../media-usage.ts";
import { streamFault } from "../stream-fault.ts";

/**
 * Reads `….partial_image` and `….completed`, the last of as many as were asked for:
 * https://platform.openai.com/docs/api-reference/images-streaming
 */
export class ImageEventReader implements TaskEventReader {
  private left: number;
  private usage: Usage | undefined;
  private images = 0;

  constructor({ n = 1 }: ImageOptions) {
    this.left = Math.ceil(n);
  }

  read(frame: Frame): TaskEvent {
    const event = eventData(frame);
    if (event === null) return { type: "other" };
    const fault = streamFault(event);
    if (fault !== null) return { type: "error", error: fault };
    const type = typeof event["type"] === "string" ? event["type"] : frame.event;
    if (type.endsWith(".partial_image")) return { type: "content" };
    if (!type.endsWith(".completed")) return { type: "other" };
    this.images += 1;
    this.left -= 1;
    this.add(decodeMediaUsage(event["usage"]));
    if (this.left > 0) return { type: "content" };
    return { type: "end", usage: this.usage ?? unitUsage({ images: this.images }) };
  }

  private add(usage: Usage | undefined): void {
    if (usage === undefined) return;
    const sum = this.usage ?? emptyUsage();
    this.usage = {
      ...usage,
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
    };
  }
}
