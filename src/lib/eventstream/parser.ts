import { ByteBuffer } from "../byte-buffer.ts";
import { messageLength, PRELUDE_BYTES, readMessage, type EventStreamMessage } from "./message.ts";

const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Cuts a stream of bytes into messages of the AWS event stream encoding, wherever the chunks were cut. */
export class EventStreamParser {
  private readonly maxMessageBytes: number;
  private readonly tail = new ByteBuffer();
  /** Bytes that must be there before anything more can be read of the message begun. */
  private needed = PRELUDE_BYTES;

  /** `maxMessageBytes` bounds one message; 16 MiB by default. */
  constructor(maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Bytes held of a message that has not ended. */
  get heldBytes(): number {
    return this.tail.length;
  }

  /** Appends the messages that this chunk completes. Throws `EventStreamError`; the parser must not be used afterwards. */
  push(chunk: Uint8Array, out: EventStreamMessage[]): void {
    if (this.tail.length > 0) {
      this.tail.append(chunk);
      if (this.tail.length < this.needed) return;
      const bytes = this.tail.view().slice();
      this.tail.clear();
      this.read(bytes, out);
    } else this.read(chunk, out);
  }

  private read(bytes: Uint8Array, out: EventStreamMessage[]): void {
    let at = 0;
    this.needed = PRELUDE_BYTES;
    while (bytes.length - at >= PRELUDE_BYTES) {
      const length = messageLength(bytes.subarray(at), this.maxMessageBytes);
      if (bytes.length - at < length) {
        this.needed = length;
        break;
      }
      out.push(readMessage(bytes.subarray(at, at + length)));
      at += length;
    }
    if (at < bytes.length) this.tail.append(bytes.subarray(at));
  }
}
