import type { JsonObject } from "../../canonical/json.ts";
import type {
  ClientEvent,
  ClientSide,
  ProviderSide,
  ServerEvent,
  SideContext,
} from "../../canonical/realtime-events.ts";
import type { RealtimeCodec } from "../../canonical/realtime.ts";
import { warnOnce } from "../../canonical/warning.ts";
import type { Target } from "../../domain/route/data.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { RequestContext } from "../context.ts";
import { mayHelp } from "./name-models.ts";

/** Messages to send, in order. Both lists are good until the next message comes. */
export interface Outbox {
  client: string[];
  upstream: string[];
}

/** A session between a client of one protocol and a provider of another: each message becomes events, and these messages. */
export class Translation {
  /** Model beside the session's own that may transcribe; null: none. */
  readonly transcriber: string | null;
  private readonly context: RequestContext;
  private readonly client: ClientSide;
  private readonly provider: ProviderSide;
  private readonly said: ClientEvent[] = [];
  private readonly heard: ServerEvent[] = [];
  private readonly outbox: Outbox = { client: [], upstream: [] };

  constructor(context: RequestContext, target: Target, codec: RealtimeCodec) {
    this.context = context;
    this.transcriber = mayHelp(context, target, codec.transcriber) ? codec.transcriber : null;
    this.client = context.socket.codec.createClientSide(this.side(context.call.model, null));
    this.provider = codec.createProviderSide(this.side(target.model, this.transcriber));
  }

  /** Characters that wait until the provider takes them. */
  get waiting(): number {
    return this.provider.waiting;
  }

  /** What the client is told first. */
  open(): Outbox {
    const box = this.emptied();
    this.client.open(box.client);
    return box;
  }

  /** Throws `GatewayError` for what cannot be taken. */
  fromClient(message: JsonObject): Outbox {
    const box = this.emptied();
    this.client.decode(message, this.said, box.client);
    for (const event of this.said) this.provider.encode(event, box.upstream, this.heard);
    this.tell(box);
    return box;
  }

  /** Throws the error that ends the session. */
  fromUpstream(message: JsonObject): Outbox {
    const box = this.emptied();
    this.provider.decode(message, this.heard, box.upstream);
    this.tell(box);
    return box;
  }

  private tell(box: Outbox): void {
    for (const event of this.heard) {
      if (event.type === "error") {
        if (event.isFatal) throw event.error;
        warnOnce(
          this.context.warnings,
          "unsupported_field",
          event.error.fields.param ?? "session",
          event.error.message,
        );
      }
      this.client.encode(event, box.client);
    }
  }

  private emptied(): Outbox {
    this.said.length = 0;
    this.heard.length = 0;
    this.outbox.client.length = 0;
    this.outbox.upstream.length = 0;
    return this.outbox;
  }

  private side(model: string, transcriber: string | null): SideContext {
    const { context } = this;
    return {
      model,
      transcriber,
      newId: (prefix) => timeOrderedId(prefix, context.runtime.clock.wall()),
      warn: (code, field, message) => warnOnce(context.warnings, code, field, message),
    };
  }
}
