/** Bytes per second of audio whose format is not understood: as of a low bit rate, so that the duration comes out rather too long. */
const LEAST_BYTES_PER_SECOND = 4000;

/**
 * Seconds of an audio file, from its header where it is WAV, FLAC, MP3 (constant bit rate as of its first frame), Ogg or
 * MP4; else, or where the header makes no sense, an upper estimate by its length (32 kbit/s).
 */
export function audioDuration(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const longest = buffer.length / LEAST_BYTES_PER_SECOND;
  const seconds = readers.find(({ magic, at }) => buffer.toString("latin1", at, at + magic.length) === magic);
  const found = (seconds?.read ?? mp3Seconds)(buffer);
  return found !== null && Number.isFinite(found) && found > 0 ? found : longest;
}

type Read = (buffer: Buffer) => number | null;

const readers: readonly { magic: string; at: number; read: Read }[] = [
  { magic: "RIFF", at: 0, read: wavSeconds },
  { magic: "fLaC", at: 0, read: flacSeconds },
  { magic: "OggS", at: 0, read: oggSeconds },
  { magic: "ftyp", at: 4, read: mp4Seconds },
];

/** Byte rate of `fmt `, bytes that follow the head of `data` (whose own length is wrong in streamed files). */
function wavSeconds(buffer: Buffer): number | null {
  let rate = 0;
  for (let at = 12; at + 8 <= buffer.length;) {
    const name = buffer.toString("latin1", at, at + 4);
    const size = buffer.readUInt32LE(at + 4);
    if (name === "fmt " && at + 20 <= buffer.length) rate = buffer.readUInt32LE(at + 16);
    if (name === "data") return rate === 0 ? null : Math.min(size, buffer.length - at - 8) / rate;
    at += 8 + size + (size % 2);
  }
  return null;
}

/** Sample rate and count of STREAMINFO (RFC 9639, 8.2). */
function flacSeconds(buffer: Buffer): number | null {
  if (buffer.length < 26) return null;
  const rate = (buffer.readUInt32BE(18) >>> 12) & 0xfffff;
  const samples = (buffer.readUInt8(21) & 0xf) * 2 ** 32 + buffer.readUInt32BE(22);
  return rate === 0 ? null : samples / rate;
}

const OPUS_RATE = 48_000;

/** Position of the last page (RFC 3533), at 48 kHz for Opus (RFC 7845) or the rate of the Vorbis head. */
function oggSeconds(buffer: Buffer): number | null {
  const last = buffer.lastIndexOf("OggS");
  if (last + 14 > buffer.length) return null;
  const position = Number(buffer.readBigInt64LE(last + 6));
  const vorbis = buffer.subarray(0, 512).indexOf("\u0001vorbis", 0, "latin1");
  const rate = vorbis < 0 ? OPUS_RATE : buffer.readUInt32LE(vorbis + 12);
  return rate === 0 ? null : position / rate;
}

/** Time scale and duration of the movie header (ISO/IEC 14496-12, 8.2.2). */
function mp4Seconds(buffer: Buffer): number | null {
  const at = buffer.indexOf("mvhd");
  if (at < 0 || at + 36 > buffer.length) return null;
  const isLong = buffer.readUInt8(at + 4) === 1;
  const scale = buffer.readUInt32BE(at + (isLong ? 24 : 16));
  const duration = isLong ? Number(buffer.readBigUInt64BE(at + 28)) : buffer.readUInt32BE(at + 20);
  return scale === 0 ? null : duration / scale;
}

/** kbit/s by index: MPEG-1 layer III, then MPEG-2 and 2.5 layer III (ISO/IEC 11172-3 and 13818-3). */
const MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
const SEARCHED_BYTES = 4096;

function mp3Seconds(buffer: Buffer): number | null {
  const start = buffer.toString("latin1", 0, 3) === "ID3" && buffer.length > 10 ? 10 + tagSize(buffer) : 0;
  for (let at = start; at + 4 <= buffer.length && at < start + SEARCHED_BYTES; at += 1) {
    const [sync = 0, version = 0, rates = 0] = buffer.subarray(at, at + 3);
    // Frame sync, layer III.
    if (sync !== 0xff || (version & 0xe6) !== 0xe2) continue;
    const kbits = ((version & 0x18) === 0x18 ? MPEG1 : MPEG2)[rates >> 4] ?? 0;
    if (kbits > 0) return (buffer.length - at) / (kbits * 125);
  }
  return null;
}

/** Four bytes of seven bits each. */
function tagSize(buffer: Buffer): number {
  return [6, 7, 8, 9].reduce((size, at) => size * 128 + (buffer.readUInt8(at) & 0x7f), 0);
}
