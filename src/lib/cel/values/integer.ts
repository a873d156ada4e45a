/**
 * An integer where the checker knows its type: a number while it is safe (2^53), a bigint beyond. Always in that normal
 * form, so `===` compares two of them, and never -0. Rules count tokens and percents, which stay numbers from end to
 * end; int64 semantics hold all the same, because a result that leaves the safe range is worked out again in bigint.
 */
export type Int = number | bigint;

export const INT_MIN = -(2n ** 63n);
export const INT_MAX = 2n ** 63n - 1n;
export const UINT_MAX = 2n ** 64n - 1n;

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** The normal form of an integer. */
export function toInt(value: bigint): Int {
  return value <= SAFE_MAX && value >= -SAFE_MAX ? Number(value) : value;
}

export function fitsInt(value: bigint): boolean {
  return value >= INT_MIN && value <= INT_MAX;
}

export function fitsUint(value: bigint): boolean {
  return value >= 0n && value <= UINT_MAX;
}

/** An unsigned integer where only the value can tell: no JavaScript primitive is left for it. */
export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }

  toString(): string {
    return this.value.toString();
  }
}

/** The result of an exact operation on two safe numbers, or undefined when it must be worked out in bigint. */
export function safeResult(result: number): number | undefined {
  return result <= Number.MAX_SAFE_INTEGER && result >= -Number.MAX_SAFE_INTEGER ? result : undefined;
}
