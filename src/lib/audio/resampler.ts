/** Zero crossings of the filter on each side: about 60 dB of what cannot be represented is held back. */
const LOBES = 16;
/** Passed part of the band that both rates can hold. */
const PASS = 0.94;

/**
 * Brings one channel of 16-bit samples from one rate to another, chunk by chunk (a Kaiser-windowed sinc, one filter a phase).
 * What a chunk adds comes out as soon as its neighbours are known: `LOBES` samples later, the rest with `flush`.
 */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  private readonly half: number;
  private readonly phases: readonly Float32Array[];
  /** Samples that are still needed, the first of them at place `start` of the input. */
  private kept: Int16Array<ArrayBuffer>;
  private start: number;
  /** Samples given out so far. */
  private written = 0;
  private read = 0;

  constructor(from: number, to: number) {
    const divisor = gcd(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    const cutoff = Math.min(1, to / from) * PASS;
    this.half = Math.ceil(LOBES / Math.min(1, to / from));
    this.phases = Array.from({ length: this.up }, (_, phase) => filter(phase / this.up, this.half, cutoff));
    this.kept = new Int16Array(this.half);
    this.start = -this.half;
  }

  /** The samples that are known now. */
  push(chunk: Int16Array): Int16Array {
    const joined = new Int16Array(this.kept.length + chunk.length);
    joined.set(this.kept);
    joined.set(chunk, this.kept.length);
    this.kept = joined;
    this.read += chunk.length;
    return this.take(Math.ceil(((this.start + joined.length - this.half) * this.up) / this.down));
  }

  /** The end of the sound; the next chunk begins another. */
  flush(): Int16Array {
    const whole = Math.ceil((this.read * this.up) / this.down);
    const padded = new Int16Array(this.kept.length + this.half + 1);
    padded.set(this.kept);
    this.kept = padded;
    const rest = this.take(whole);
    this.kept = new Int16Array(this.half);
    this.start = -this.half;
    this.written = 0;
    this.read = 0;
    return rest;
  }

  private take(until: number): Int16Array {
    const count = Math.max(0, until - this.written);
    const out = new Int16Array(count);
    for (let at = 0; at < count; at += 1) out[at] = this.sample(this.written + at);
    this.written += count;
    const first = Math.floor((this.written * this.down) / this.up) - this.half + 1;
    const drop = Math.min(Math.max(0, first - this.start), this.kept.length);
    this.kept = this.kept.slice(drop);
    this.start += drop;
    return out;
  }

  private sample(index: number): number {
    const position = index * this.down;
    const whole = Math.floor(position / this.up);
    const taps = this.phases[position % this.up];
    if (taps === undefined) return 0;
    const begin = whole - this.half + 1 - this.start;
    let sum = 0;
    for (let at = 0; at < taps.length; at += 1) sum += (taps[at] ?? 0) * (this.kept[begin + at] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
}

/** Weights of the samples around a place `offset` (0 to 1) behind one of them; they add up to 1. */
function filter(offset: number, half: number, cutoff: number): Float32Array {
  const taps = new Float32Array(half * 2);
  let sum = 0;
  for (let at = 0; at < taps.length; at += 1) {
    const distance = at - half + 1 - offset;
    const weight = sinc(distance * cutoff) * kaiser(distance / half);
    taps[at] = weight;
    sum += weight;
  }
  for (let at = 0; at < taps.length; at += 1) taps[at] = (taps[at] ?? 0) / sum;
  return taps;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

const BETA = 6;

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** The modified Bessel function of order zero. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let order = 1; order < 32; order += 1) {
    term *= (x / (2 * order)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(one: number, other: number): number {
  return other === 0 ? one : gcd(other, one % other);
}
