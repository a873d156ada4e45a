import type { FAULT, Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { textSteps } from "../values/meter.ts";
import { global, type FunctionTable } from "./overload.ts";

function encode(frame: Frame, bytes: Uint8Array): string {
  frame.spend(textSteps(bytes.length));
  return bytes.toBase64();
}

function decode(frame: Frame, text: string): Uint8Array | typeof FAULT {
  frame.spend(textSteps(text.length));
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return frame.fail("this text is no base64", text);
  }
}

/** The encoders extension: https://github.com/google/cel-go/tree/master/ext#encoders */
export const ENCODERS: FunctionTable = {
  "base64.encode": [global([t.bytes], t.string, encode)],
  "base64.decode": [global([t.string], t.bytes, decode)],
};
