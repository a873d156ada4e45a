/** G.711 (ITU-T): 8,000 samples a second of one byte each, by the μ-law or the A-law. */
export type Law = "ulaw" | "alaw";

const ULAW_BIAS = 0x84;
const ULAW_MOST = 32_635;

const DECODED: Readonly<Record<Law, Int16Array>> = {
  ulaw: Int16Array.from({ length: 256 }, (_, byte) => expandUlaw(byte)),
  alaw: Int16Array.from({ length: 256 }, (_, byte) => expandAlaw(byte)),
};

/** The samples that the bytes stand for. */
export function decodeG711(bytes: Uint8Array, law: Law): Int16Array {
  const table = DECODED[law];
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) samples[at] = table[bytes[at] ?? 0] ?? 0;
  return samples;
}

/** The bytes that stand for the samples. */
export function encodeG711(samples: Int16Array, law: Law): Uint8Array {
  const bytes = new Uint8Array(samples.length);
  const compress = law === "ulaw" ? compressUlaw : compressAlaw;
  for (let at = 0; at < samples.length; at += 1) bytes[at] = compress(samples[at] ?? 0);
  return bytes;
}

function expandUlaw(byte: number): number {
  const bits = ~byte & 0xff;
  const exponent = (bits >> 4) & 7;
  const magnitude = (((bits & 15) << 3) + ULAW_BIAS) << exponent;
  return (bits & 0x80) === 0 ? magnitude - ULAW_BIAS : ULAW_BIAS - magnitude;
}

function compressUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), ULAW_MOST) + ULAW_BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff;
}

function expandAlaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

function compressAlaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32_767);
  const exponent = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 15;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}
