import type { RuleClass } from "../../domain/route/variables.ts";
import type { RequestClasses } from "./request-classes.ts";

/** What classifiers found, as a map that finds out what it is asked for. */
export class ClassMap extends Map<string, RuleClass> {
  private readonly classes: RequestClasses;
  private readonly names: ReadonlyMap<string, unknown>;

  constructor(classes: RequestClasses, names: ReadonlyMap<string, unknown>) {
    super();
    this.classes = classes;
    this.names = names;
  }

  override get(name: string): RuleClass | undefined {
    return this.classes.read(name);
  }

  override has(name: string): boolean {
    return this.names.has(name);
  }

  override get size(): number {
    return this.names.size;
  }

  override keys(): MapIterator<string> {
    return this.names.keys();
  }
}
