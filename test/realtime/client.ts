/** A client on the runtime's own WebSocket that keeps what it saw. */
export interface TestClient {
  socket: WebSocket;
  /** Parsed messages; binary ones too, when they are JSON. */
  events: Record<string, unknown>[];
  send(event: unknown): void;
  /** Resolves with the first event that fits, seen already or to come. */
  event(type: string, from?: number): Promise<Record<string, unknown>>;
  /** Resolves with code and reason. */
  closed: Promise<{ code: number; reason: string; at: number }>;
  opened: Promise<void>;
}

export function connect(
  url: string,
  options: { headers?: Record<string, string>; protocols?: string[] } = {},
): TestClient {
  const socket = new WebSocket(url.replace(/^http/, "ws"), options as never);
  socket.binaryType = "arraybuffer";
  const events: Record<string, unknown>[] = [];
  let woken = Promise.withResolvers<void>();
  const wake = (): void => {
    woken.resolve();
    woken = Promise.withResolvers<void>();
  };
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<{ code: number; reason: string; at: number }>();
  let isClosed = false;
  opened.promise.catch(() => {});
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("error", (event) => opened.reject(new Error((event as ErrorEvent).message)));
  socket.addEventListener("message", ({ data }) => {
    events.push(
      JSON.parse(typeof data === "string" ? data : Buffer.from(data as ArrayBuffer).toString("utf8")) as Record<
        string,
        unknown
      >,
    );
    wake();
  });
  socket.addEventListener("close", ({ code, reason }) => {
    isClosed = true;
    closed.resolve({ code, reason, at: performance.now() });
    wake();
  });
  return {
    socket,
    events,
    opened: opened.promise,
    closed: closed.promise,
    send: (event) => socket.send(typeof event === "string" ? event : JSON.stringify(event)),
    async event(type, from = 0) {
      for (;;) {
        const found = events.slice(from).find((event) => event["type"] === type || Object.hasOwn(event, type));
        if (found !== undefined) return found;
        if (isClosed) throw new Error(`closed before ${type}: ${JSON.stringify(events)}`);
        await woken.promise;
      }
    },
  };
}

/** Waits until something holds; for what another process does. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    if (holds()) return;
    await Bun.sleep(10);
  }
  throw new Error(`never: ${what}`);
}

/** Waits until the client cannot write any more; resolves with the bytes that it still holds. */
export async function heldUp({ socket }: TestClient): Promise<number> {
  let left = -1;
  await until(() => {
    const now = socket.bufferedAmount;
    const isStill = now === left && now > 0;
    left = now;
    return isStill;
  }, "the client cannot write any more");
  return left;
}
