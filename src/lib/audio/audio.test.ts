import { describe, expect, test } from "bun:test";
import { decodeG711, encodeG711, type Law } from "./g711.ts";
import { Pcm16Reader, pcm16Bytes } from "./pcm16.ts";
import { Resampler } from "./resampler.ts";

const tone = (rate: number, hertz: number, seconds: number, level = 12_000): Int16Array =>
  Int16Array.from({ length: Math.round(rate * seconds) }, (_, at) =>
    Math.round(level * Math.sin((2 * Math.PI * hertz * at) / rate)),
  );

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function resampled(samples: Int16Array, from: number, to: number, cut: number): Int16Array {
  const resampler = new Resampler(from, to);
  const parts: Int16Array[] = [];
  for (let at = 0; at < samples.length; at += cut) parts.push(resampler.push(samples.subarray(at, at + cut)));
  return joined([...parts, resampler.flush()]);
}

/** Root of the mean square, without the ends, where the sound begins and stops. */
function level(samples: Int16Array, other: Int16Array | null = null): number {
  const edge = 400;
  let sum = 0;
  for (let at = edge; at < samples.length - edge; at += 1) sum += ((samples[at] ?? 0) - (other?.[at] ?? 0)) ** 2;
  return Math.sqrt(sum / (samples.length - 2 * edge));
}

describe("resampling", () => {
  test.each([
    [16_000, 24_000],
    [24_000, 16_000],
    [24_000, 8000],
    [8000, 24_000],
    [44_100, 24_000],
    [48_000, 24_000],
  ])("%d to %d keeps a tone, in place and level", (from, to) => {
    const made = resampled(tone(from, 440, 0.5), from, to, 320);
    const wanted = tone(to, 440, 0.5);
    expect(made.length).toBe(wanted.length);
    expect(level(made, wanted)).toBeLessThan(level(wanted) * 0.005);
  });

  test("how the sound is cut makes no difference", () => {
    const sound = tone(16_000, 700, 0.3);
    const whole = resampled(sound, 16_000, 24_000, sound.length);
    for (const cut of [1, 7, 160, 1000]) expect(resampled(sound, 16_000, 24_000, cut)).toEqual(whole);
  });

  test("what the lower rate cannot hold is silent, not another tone", () => {
    const made = resampled(tone(24_000, 6000, 0.5), 24_000, 8000, 480);
    expect(level(made)).toBeLessThan(20);
  });

  test("silence stays silent, the loudest does not turn around", () => {
    expect(level(resampled(new Int16Array(4000), 16_000, 24_000, 100))).toBe(0);
    const square = Int16Array.from({ length: 4000 }, (_, at) => (Math.floor(at / 20) % 2 === 0 ? 32_767 : -32_768));
    const made = resampled(square, 16_000, 24_000, 100);
    expect(Math.max(...made)).toBe(32_767);
    expect(Math.min(...made)).toBe(-32_768);
  });

  test("a sound after the end of another begins anew", () => {
    const resampler = new Resampler(16_000, 24_000);
    const sound = tone(16_000, 300, 0.1);
    const first = joined([resampler.push(sound), resampler.flush()]);
    expect(joined([resampler.push(sound), resampler.flush()])).toEqual(first);
    expect(resampler.flush()).toHaveLength(0);
  });
});

describe("G.711", () => {
  test.each<Law>(["ulaw", "alaw"])("%s: every byte comes back, and samples to within a 32nd of themselves", (law) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const again = encodeG711(decodeG711(bytes, law), law);
    // Both zeros of the μ-law are one sample.
    for (const byte of bytes) expect(decodeG711(again, law)[byte]).toBe(decodeG711(bytes, law)[byte] as number);
    for (let sample = -32_768; sample < 32_768; sample += 37) {
      const [back = 0] = decodeG711(encodeG711(Int16Array.of(sample), law), law);
      expect(Math.abs(back - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 31));
    }
  });

  test("known values", () => {
    expect([...encodeG711(Int16Array.of(0, 1000, -1000, 32_767, -32_768), "ulaw")]).toEqual([255, 206, 78, 128, 0]);
    expect([...encodeG711(Int16Array.of(0, 1000, -1000, 32_767, -32_768), "alaw")]).toEqual([213, 250, 122, 170, 42]);
  });
});

test("bytes are samples however they are cut", () => {
  const samples = Int16Array.of(1, -1, 32_767, -32_768, 258);
  const bytes = pcm16Bytes(samples);
  for (const cut of [1, 2, 3, 10]) {
    const reader = new Pcm16Reader();
    const parts: Int16Array[] = [];
    for (let at = 0; at < bytes.length; at += cut) parts.push(reader.push(bytes.subarray(at, at + cut)));
    expect(joined(parts)).toEqual(samples);
  }
});
