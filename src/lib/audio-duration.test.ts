import { expect, test } from "bun:test";
import { audioDuration } from "./audio-duration.ts";
import { wavOf } from "./wav.ts";

test("WAV: by byte rate, also where the length in its head is that of a stream", () => {
  const wav = Buffer.from(wavOf(Buffer.alloc(48_000), 24_000, 16, 1));
  expect(audioDuration(wav)).toBe(1);
  wav.writeUInt32LE(0xffffffff, 40);
  expect(audioDuration(wav)).toBe(1);
});

test("MP3: by the bit rate of the first frame after its tag", () => {
  const tag = Buffer.concat([Buffer.from("ID3\u0004\u0000\u0000"), Buffer.from([0, 0, 0, 100]), Buffer.alloc(100)]);
  // MPEG-1 layer III, 128 kbit/s, 44.1 kHz.
  const frames = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(31_996)]);
  expect(audioDuration(Buffer.concat([tag, frames]))).toBe(2);
});

test("FLAC: samples by rate", () => {
  const flac = Buffer.alloc(42);
  flac.write("fLaC");
  flac.writeUInt32BE(44_100 * 4096, 18);
  flac.writeUInt32BE(44_100 * 3, 22);
  expect(audioDuration(flac)).toBe(3);
});

test("Ogg with Opus: by the position of the last page", () => {
  const page = Buffer.alloc(100);
  page.write("OggS");
  page.writeBigInt64LE(48_000n * 5n, 6);
  expect(audioDuration(page)).toBe(5);
});

test("MP4: by the movie header", () => {
  const mp4 = Buffer.alloc(200);
  mp4.write("ftyp", 4);
  mp4.write("mvhd", 100);
  mp4.writeUInt32BE(1000, 116);
  mp4.writeUInt32BE(2500, 120);
  expect(audioDuration(mp4)).toBe(2.5);
});

test("anything else, and what makes no sense, by its length at 32 kbit/s", () => {
  expect(audioDuration(Buffer.from("x".repeat(8000)))).toBe(2);
  expect(audioDuration(new Uint8Array())).toBe(0);
  for (const magic of ["RIFF", "fLaC", "OggS", "ID3"]) {
    for (const length of [4, 10, 20, 40, 4000]) {
      const bytes = Buffer.alloc(length);
      bytes.write(magic);
      expect(audioDuration(bytes)).toBe(length / 4000);
    }
  }
});
