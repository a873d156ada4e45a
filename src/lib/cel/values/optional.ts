import type { CelValue } from "./value.ts";

/** A value that may be absent. `undefined` stands for absence. */
export class CelOptional {
  readonly value: CelValue | undefined;

  constructor(value: CelValue | undefined) {
    this.value = value;
  }

  toString(): string {
    return this.value === undefined ? "optional.none()" : "optional";
  }
}

export const NO_VALUE = new CelOptional(undefined);
