import type { Frame } from "../evaluate/frame.ts";
import { celTypes as t } from "../types.ts";
import { kindOf } from "../values/kind.ts";
import { mapSize } from "../values/map-access.ts";
import { textSteps } from "../values/meter.ts";
import { TYPE_VALUES } from "../values/type-value.ts";
import type { CelValue } from "../values/value.ts";
import { countCodePoints } from "./code-points.ts";
import { global, method, type FunctionTable, type Overload } from "./overload.ts";

const A = t.parameter("A");
const B = t.parameter("B");

function textSize(frame: Frame, text: string): number {
  frame.spend(textSteps(text.length));
  return countCodePoints(text);
}

const SIZES: readonly Overload[] = [method, global].flatMap((form) => [
  form([t.string], t.int, textSize),
  form([t.bytes], t.int, (_, bytes: Uint8Array) => bytes.length),
  form([t.list(A)], t.int, (_, list: readonly CelValue[]) => list.length),
  form([t.map(A, B)], t.int, (frame: Frame, map: object) => {
    const size = mapSize(map);
    frame.spend(textSteps(size));
    return size;
  }),
]);

/** `size`, `type` and `dyn`. */
export const BASIC: FunctionTable = {
  size: SIZES,
  type: [global([A], t.type(A), (_, value: CelValue) => TYPE_VALUES[kindOf(value)])],
  dyn: [global([A], t.dyn, (_, value: CelValue) => value)],
};
