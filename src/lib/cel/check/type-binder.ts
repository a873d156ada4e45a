import { celTypes, partsOf, withParts, type CelType } from "../types.ts";

/** Finds out what type parameters stand for, by matching the types that meet in an expression. */
export class TypeBinder {
  private readonly bindings = new Map<string, CelType>();
  private readonly trail: { name: string; before: CelType | undefined }[] = [];
  private made = 0;

  /** A type not known yet. */
  fresh(): CelType {
    this.made += 1;
    return celTypes.parameter(`$${this.made}`);
  }

  /** The types of a signature, with a fresh type for each of its parameters. */
  instantiate(types: readonly CelType[]): CelType[] {
    const fresh = new Map<string, CelType>();
    const replace = (type: CelType): CelType => {
      if (type.kind !== "parameter") return rebuilt(type, replace);
      const known = fresh.get(type.name) ?? this.fresh();
      fresh.set(type.name, known);
      return known;
    };
    return types.map(replace);
  }

  /** To `rollback` to. */
  mark(): number {
    return this.trail.length;
  }

  rollback(mark: number): void {
    while (this.trail.length > mark) {
      const { name, before } = this.trail.pop() as (typeof this.trail)[number];
      if (before === undefined) this.bindings.delete(name);
      else this.bindings.set(name, before);
    }
  }

  /** True when a value of type `source` may stand where `target` is wanted; binds what that settles. */
  assign(target: CelType, source: CelType): boolean {
    const wanted = this.known(target);
    const given = this.known(source);
    if (!this.match(wanted, given)) return false;
    if (wanted.kind !== "parameter") this.widen(target, given);
    if (given.kind !== "parameter") this.widen(source, wanted);
    return true;
  }

  /** The type of a place that holds values of both types; dyn when they have nothing in common. */
  join(one: CelType, other: CelType): CelType {
    const mark = this.mark();
    if (!this.assign(one, other)) {
      this.rollback(mark);
      return celTypes.dyn;
    }
    return this.general(this.known(one), this.known(other));
  }

  /** The type as far as it is known. */
  resolve(type: CelType): CelType {
    const known = this.known(type);
    return rebuilt(known, (part) => this.resolve(part));
  }

  /** The type with everything unknown being dyn. */
  settle(type: CelType): CelType {
    const known = this.known(type);
    return known.kind === "parameter" ? celTypes.dyn : rebuilt(known, (part) => this.settle(part));
  }

  private match(wanted: CelType, given: CelType): boolean {
    if (wanted.kind === "parameter") return this.bind(wanted.name, given);
    if (given.kind === "parameter") return this.bind(given.name, wanted);
    if (wanted.kind === "dyn") return this.loosen(given);
    if (given.kind === "dyn") return this.loosen(wanted);
    if (given.kind === "null" && wanted.kind === "object") return true;
    if (wanted.kind === "null" && given.kind === "object") return true;
    if (wanted.kind !== given.kind) return false;
    if (wanted.kind === "object" && given.kind === "object") return wanted.name === given.name;
    if (wanted.kind === "type") return true;
    const parts = partsOf(given);
    return partsOf(wanted).every((part, at) => this.assign(part, parts[at] ?? celTypes.dyn));
  }

  private known(type: CelType): CelType {
    let known = type;
    while (known.kind === "parameter") {
      const bound = this.bindings.get(known.name);
      if (bound === undefined) return known;
      known = bound;
    }
    return known;
  }

  private bind(name: string, type: CelType): boolean {
    if (type.kind === "parameter" && type.name === name) return true;
    if (this.mentions(type, name)) return false;
    this.trail.push({ name, before: this.bindings.get(name) });
    this.bindings.set(name, type);
    return true;
  }

  private mentions(type: CelType, name: string): boolean {
    const known = this.known(type);
    return known.kind === "parameter" ? known.name === name : partsOf(known).some((part) => this.mentions(part, name));
  }

  /** What meets a dyn may hold anything: its unknown parts are dyn from here on. */
  private loosen(type: CelType): boolean {
    if (type.kind === "parameter" && this.known(type).kind === "parameter") return this.bind(type.name, celTypes.dyn);
    return partsOf(this.known(type)).every((part) => this.loosen(part));
  }

  /** A parameter bound to a narrower type than it now also has to hold gets the wider one. */
  private widen(type: CelType, also: CelType): void {
    if (type.kind !== "parameter") return;
    let last = type;
    for (let next = this.bindings.get(last.name); next?.kind === "parameter"; next = this.bindings.get(last.name))
      last = next;
    const now = this.bindings.get(last.name);
    if (now === undefined) return;
    const wider = this.general(now, also);
    if (wider !== now) this.bind(last.name, wider);
  }

  private general(one: CelType, other: CelType): CelType {
    const left = this.known(one);
    const right = this.known(other);
    if (left.kind === "dyn" || right.kind === "dyn") return celTypes.dyn;
    if (left.kind === "null") return right;
    if (left.kind !== right.kind) return left;
    const parts = partsOf(left);
    if (parts.length === 0) return left;
    const others = partsOf(right);
    const wider = parts.map((part, at) => this.general(part, others[at] ?? part));
    return wider.every((part, at) => part === parts[at]) ? left : withParts(left, wider);
  }
}

function rebuilt(type: CelType, replace: (part: CelType) => CelType): CelType {
  const parts = partsOf(type);
  if (parts.length === 0) return type;
  const replaced = parts.map(replace);
  return replaced.every((part, at) => part === parts[at]) ? type : withParts(type, replaced);
}
