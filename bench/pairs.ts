import type { Dialect, Frame } from "../src/canonical/dialect.ts";
import type { ChatDialect } from "../src/canonical/names.ts";
import type { StreamPart } from "../src/canonical/stream-part.ts";
import { dialects } from "../src/compose/dialects.ts";
import { createFrameParser } from "../src/pipeline/frame-parser.ts";
import { answerOf, REPLY, requestOf, streamOf, targetOf, wireOf } from "./pair-sample.ts";
import { alignTable } from "./report.ts";

/** CPU microseconds of one translation, and how many times what a relay costs that is. */
interface Cost {
  us: number;
  relayUs: number;
  ratio: number;
}

/** What a client of one dialect costs at a provider of another. */
export interface PairMeasure {
  client: ChatDialect;
  provider: ChatDialect;
  event: Cost;
  answer: Cost;
  request: Cost;
}

const isQuick = process.argv.includes("--quick");
const ROUNDS = isQuick ? 3 : 9;
const WARM_UP_MS = isQuick ? 20 : 60;
const BATCH_MS = isQuick ? 5 : 12;

/** Something to measure, with the figure of each round. */
interface Work {
  act: () => unknown;
  /** What one `act` counts for: the events of its stream. */
  units: number;
  us: number[];
}

/** Keeps results alive, so that nothing measured can be left out. */
let sink: unknown;

const workOf = (act: () => unknown, units = 1): Work => ({ act, units, us: [] });

/** CPU of the whole process, its collector's threads included, for one unit of the work. */
function measure(work: Work, batchMs: number): number {
  const before = process.cpuUsage();
  const end = performance.now() + batchMs;
  let count = 0;
  do {
    sink = work.act();
    count += 1;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count / work.units;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function eventsIn(dialect: Dialect, chunks: readonly Uint8Array[]): number {
  const parser = createFrameParser(dialect.framing);
  const frames: Frame[] = [];
  for (const chunk of chunks) parser.push(chunk, frames);
  parser.end(frames);
  return frames.length;
}

/** Reads a stream as the pipeline does, chunk by chunk; with a client, writes each chunk's parts for it. */
function translateStream(chunks: readonly Uint8Array[], provider: Dialect, client: Dialect | null): number {
  const parser = createFrameParser(provider.framing);
  const decoder = provider.createStreamDecoder();
  const encoder = client?.createStreamEncoder(REPLY);
  const frames: Frame[] = [];
  const parts: StreamPart[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    frames.length = parts.length = 0;
    parser.push(chunk, frames);
    for (const frame of frames) decoder.push(frame, parts);
    if (encoder === undefined) continue;
    let text = "";
    for (const part of parts) {
      const encoded = encoder.encode(part);
      if (typeof encoded === "string") text += encoded;
      else bytes += encoded.length;
    }
    if (text !== "") bytes += Buffer.from(text).length;
  }
  return bytes;
}

/** The three kinds of work from one client to one provider; without a client, as far as a relay does it. */
function streamWork(provider: Dialect, client: Dialect | null): Work {
  const chunks = streamOf(provider);
  return workOf(() => translateStream(chunks, provider, client), eventsIn(provider, chunks));
}

function answerWork(provider: Dialect, client: Dialect | null): Work {
  const text = answerOf(provider);
  if (client === null) return workOf(() => provider.decodeResponse(JSON.parse(text)));
  return workOf(() => JSON.stringify(client.encodeResponse(provider.decodeResponse(JSON.parse(text)), REPLY)));
}

function requestWork(client: Dialect, provider: Dialect | null): Work {
  const text = requestOf(client);
  const decode = (): ReturnType<Dialect["decodeRequest"]> => client.decodeRequest(wireOf(client, JSON.parse(text)));
  if (provider === null) return workOf(decode);
  return workOf(() => JSON.stringify(provider.encodeRequest(decode(), targetOf(provider)).body));
}

/** All pairs of the installed dialects. Rounds go over all of them, so that a noisy moment falls on no pair alone. */
export function measurePairs(): PairMeasure[] {
  const all = [...dialects.values()];
  const relays = all.map((it) => [streamWork(it, null), answerWork(it, null), requestWork(it, null)] as const);
  const pairs = all.flatMap((client, from) =>
    all.map((provider, to) => ({
      client: client.name,
      provider: provider.name,
      works: [streamWork(provider, client), answerWork(provider, client), requestWork(client, provider)] as const,
      relays: [relays[to]?.[0], relays[to]?.[1], relays[from]?.[2]] as const,
    })),
  );
  const works = [...relays.flat(), ...pairs.flatMap((pair) => pair.works)];
  for (const work of works) measure(work, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round += 1) for (const work of works) work.us.push(measure(work, BATCH_MS));
  return pairs.map(({ client, provider, works: [event, answer, request], relays: [ofEvent, ofAnswer, ofRequest] }) => ({
    client,
    provider,
    event: costOf(event, ofEvent),
    answer: costOf(answer, ofAnswer),
    request: costOf(request, ofRequest),
  }));
}

function costOf(work: Work, relay: Work | undefined): Cost {
  const [us, relayUs] = [median(work.us), median(relay?.us ?? [])];
  return { us, relayUs, ratio: us / relayUs };
}

function tableOf(measures: readonly PairMeasure[]): string {
  const cells = ({ us, ratio }: Cost, digits: number): string[] => [us.toFixed(digits), `${ratio.toFixed(2)} x`];
  const rows = measures.map(({ client, provider, event, answer, request }) => [
    client,
    provider,
    ...cells(event, 3),
    ...cells(answer, 1),
    ...cells(request, 1),
  ]);
  const head = ["client", "provider", "us/event", "relay", "us/answer", "relay", "us/request", "relay"];
  return alignTable([head, ...rows], [0, 1]);
}

/** Measures and prints: the pair with the dearest events first. */
export async function runPairsBench(): Promise<void> {
  const measures = measurePairs().toSorted((a, b) => b.event.us - a.event.us);
  await Bun.write(
    Bun.stdout,
    `${process.argv.includes("--json") ? JSON.stringify(measures, null, 2) : tableOf(measures)}\n`,
  );
  if (sink === undefined) throw new Error("nothing was measured");
}
