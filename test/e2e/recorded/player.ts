import { chunk, LAST_CHUNK } from "../../mock-upstream/answers.ts";
import { startMockUpstream, type MockUpstream, type Step } from "../../mock-upstream/server.ts";
import type { Exchange } from "./exchanges.ts";

/** A mock upstream that plays the answer it was last given. */
export interface Player {
  mock: MockUpstream;
  /** From now on every request gets this answer; `random`: cut into pieces that arrive apart. */
  play(exchange: Exchange, random?: (below: number) => number): void;
}

/** Starts a mock that plays recorded answers. */
export async function startPlayer(): Promise<Player> {
  let steps: Step[] = [];
  const mock = await startMockUpstream(() => steps);
  return {
    mock,
    play: (exchange, random) => {
      steps = stepsOf(exchange, random);
    },
  };
}

/** A small generator that gives the same numbers in every run. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function stepsOf({ answer, isStream, status, type }: Exchange, random?: (below: number) => number): Step[] {
  const head = `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\n`;
  const pieces = random === undefined ? [answer] : cut(answer, random);
  if (!isStream)
    return [
      { write: `${head}content-length: ${answer.length}\r\n\r\n` },
      ...pieces.flatMap((piece) => apart({ write: piece })),
    ];
  return [
    { write: `${head}transfer-encoding: chunked\r\n\r\n` },
    ...pieces.flatMap((piece) => apart(chunk(piece))),
    LAST_CHUNK,
  ];
}

/** A pause, so that the piece is read by itself. */
function apart(step: Step): Step[] {
  return [step, { wait: 1 }];
}

/** Some pieces: half of the cuts near each other at a random place, where they split events, lines and characters. */
function cut(bytes: Buffer, random: (below: number) => number): Buffer[] {
  const places = new Set<number>();
  const cluster = random(bytes.length);
  for (let count = 0; count < 4; count += 1) places.add(random(bytes.length));
  for (let count = 0; count < 4; count += 1) places.add(Math.min(bytes.length, cluster + random(40)));
  const sorted = [...places, 0, bytes.length].toSorted((one, other) => one - other);
  return sorted
    .slice(1)
    .map((end, at) => bytes.subarray(sorted[at], end))
    .filter((piece) => piece.length > 0);
}
