import { connect, type Socket } from "node:net";

/** A port on which no connection comes about: its owner stands still and its queue is full. */
export interface FullListener {
  port: number;
  stop(): void;
}

const OWNER = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1" }, () => console.log(server.address().port));
`;
/** More than a queue takes; the rest of these stay in the making. */
const FILLERS = 600;

export async function startFullListener(): Promise<FullListener> {
  const owner = Bun.spawn([process.execPath, "-e", OWNER], { stdout: "pipe" });
  const reader = owner.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(new TextDecoder().decode(value).trim());
  owner.kill("SIGSTOP");
  const fillers: Socket[] = [];
  for (let count = 0; count < FILLERS; count += 1) fillers.push(connect(port, "127.0.0.1").on("error", () => {}));
  await Bun.sleep(50);
  return {
    port,
    stop: () => {
      for (const filler of fillers) filler.destroy();
      owner.kill("SIGKILL");
    },
  };
}
