/** A type as a value: what `type(x)` gives. There is one for each name, so `===` compares them. */
export class CelTypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toString(): string {
    return this.name;
  }
}

/** The types that values can have, by what JavaScript code calls them. */
export const TYPE_VALUES = {
  null: new CelTypeValue("null_type"),
  bool: new CelTypeValue("bool"),
  int: new CelTypeValue("int"),
  uint: new CelTypeValue("uint"),
  double: new CelTypeValue("double"),
  string: new CelTypeValue("string"),
  bytes: new CelTypeValue("bytes"),
  list: new CelTypeValue("list"),
  map: new CelTypeValue("map"),
  timestamp: new CelTypeValue("google.protobuf.Timestamp"),
  duration: new CelTypeValue("google.protobuf.Duration"),
  optional: new CelTypeValue("optional_type"),
  type: new CelTypeValue("type"),
} as const;

/** The kind of a value at run time. */
export type ValueKind = keyof typeof TYPE_VALUES;
