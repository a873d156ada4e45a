import { connect } from "node:net";

/** What came back on a raw connection. */
export interface RawAnswer {
  text: string;
  /** Status lines, in order. */
  statuses: number[];
  closed: boolean;
}

/** Sends bytes as they are and reads until the connection closes or `quietMs` pass without another byte. */
export function sendRaw(url: string, pieces: string | Buffer | (string | Buffer)[], quietMs = 150): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    let timer = setTimeout(() => finish(false), 2000);
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
      resolve({ text, statuses, closed });
    };
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), quietMs);
    });
    socket.on("error", () => {});
    socket.on("close", () => finish(true));
    for (const piece of [pieces].flat()) socket.write(piece);
  });
}
