/** Latencies of small requests, taken by a process of its own while something else goes on. */
export interface ProbeResult {
  count: number;
  failed: number;
  /** Milliseconds. */
  median: number;
  longest: number;
}

export interface Probe {
  stop(): Promise<ProbeResult>;
}

const CODE = `
const url = process.argv[1];
const times = [];
let failed = 0;
let isOver = false;
const until = performance.now() + 60_000;
process.stdin.on("data", () => { isOver = true; });
process.stdin.on("end", () => { isOver = true; });
while (!isOver && performance.now() < until) {
  const started = performance.now();
  try {
    const answer = await fetch(url);
    await answer.text();
    if (!answer.ok) failed += 1;
  } catch {
    failed += 1;
  }
  times.push(performance.now() - started);
  if (times.length === 1) console.log("probing");
  await Bun.sleep(1);
}
times.sort((one, other) => one - other);
console.log(JSON.stringify({ count: times.length, failed, median: times[times.length >> 1], longest: times.at(-1) }));
process.exit();
`;

/** Asks `url` again and again, one request at a time; resolves when the first answer was there. */
export async function startProbe(url: string): Promise<Probe> {
  const child = Bun.spawn([process.execPath, "-e", CODE, url], { stdin: "pipe", stdout: "pipe" });
  const reader = child.stdout.getReader();
  let text = "";
  const read = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    if (value !== undefined) text += new TextDecoder().decode(value);
    return !done;
  };
  while (!text.includes("probing") && (await read()));
  return {
    stop: async () => {
      await child.stdin.write("stop");
      await child.stdin.end();
      while (await read());
      return JSON.parse(text.slice(text.indexOf("{"))) as ProbeResult;
    },
  };
}
