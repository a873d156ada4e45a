/**
 * A CEL type. `object` is a host value with named fields, reached by `.field`; two object types are the same when their
 * names are. `parameter` stands for any one type within a function's signature.
 */
export type CelType =
  | { readonly kind: ScalarKind }
  | { readonly kind: "list"; readonly element: CelType }
  | { readonly kind: "map"; readonly key: CelType; readonly value: CelType }
  | { readonly kind: "object"; readonly name: string; readonly fields: Readonly<Record<string, CelType>> }
  | { readonly kind: "type"; readonly of: CelType }
  | { readonly kind: "optional"; readonly of: CelType }
  | { readonly kind: "parameter"; readonly name: string };

export type ScalarKind =
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "timestamp"
  | "duration"
  /** Known only when the expression runs. */
  | "dyn";

const DYN: CelType = { kind: "dyn" };

/** The types, to declare variables and functions with. */
export const celTypes = {
  bool: { kind: "bool" },
  int: { kind: "int" },
  uint: { kind: "uint" },
  double: { kind: "double" },
  string: { kind: "string" },
  bytes: { kind: "bytes" },
  null: { kind: "null" },
  timestamp: { kind: "timestamp" },
  duration: { kind: "duration" },
  dyn: DYN,
  list: (element: CelType = DYN): CelType => ({ kind: "list", element }),
  map: (key: CelType = DYN, value: CelType = DYN): CelType => ({ kind: "map", key, value }),
  object: (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({ kind: "object", name, fields }),
  type: (of: CelType = DYN): CelType => ({ kind: "type", of }),
  optional: (of: CelType = DYN): CelType => ({ kind: "optional", of }),
  parameter: (name: string): CelType => ({ kind: "parameter", name }),
} as const satisfies Record<string, CelType | ((...of: never[]) => CelType)>;

/** The type as CEL writes it, such as `map(string, list(int))`. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case "list":
      return `list(${formatType(type.element)})`;
    case "map":
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case "type":
      return `type(${formatType(type.of)})`;
    case "optional":
      return `optional_type(${formatType(type.of)})`;
    case "object":
    case "parameter":
      return type.name;
    default:
      return type.kind === "null" ? "null_type" : type.kind;
  }
}

/** The types that `type` is made of, in a fixed order. */
export function partsOf(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "type":
    case "optional":
      return [type.of];
    default:
      return [];
  }
}

/** `type` with other parts, in the order of `partsOf`. */
export function withParts(type: CelType, parts: readonly CelType[]): CelType {
  const [first = DYN, second = DYN] = parts;
  switch (type.kind) {
    case "list":
      return { kind: "list", element: first };
    case "map":
      return { kind: "map", key: first, value: second };
    case "type":
    case "optional":
      return { kind: type.kind, of: first };
    default:
      return type;
  }
}

/** True for the three kinds that compare with each other. */
export function isNumeric(type: CelType): boolean {
  return type.kind === "int" || type.kind === "uint" || type.kind === "double";
}
