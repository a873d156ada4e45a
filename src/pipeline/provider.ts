import type { Json } from "../canonical/json.ts";
import type { DialectName, Operation } from "../canonical/names.ts";
import type { Wire } from "../canonical/provider.ts";
import { compileGlobs, type Glob } from "../lib/glob.ts";
import { ProviderBounds } from "./provider-bounds.ts";
import { ReadyKey } from "./provider-key.ts";
import type { SnapshotProvider } from "./snapshot-data.ts";

interface ReadyWire {
  wire: Wire;
  models: Glob;
}

/** A provider, compiled for the hot path. */
export class ReadyProvider {
  readonly data: SnapshotProvider;
  readonly keys: readonly ReadyKey[];
  /** Null: nothing bounds its calls. */
  readonly bounds: ProviderBounds | null;
  private readonly wires: readonly ReadyWire[];

  constructor(data: SnapshotProvider) {
    this.data = data;
    this.bounds = data.bounds === undefined ? null : new ProviderBounds(data.bounds);
    this.keys = data.keys.map((key) => new ReadyKey(key, data));
    this.wires = data.manifest.wires.map((wire) => ({
      wire: withSettings(wire, data.settings),
      models: compileGlobs(wire.models ?? ["*"]),
    }));
  }

  /** The wire over which a request of this dialect is relayed; undefined: it has to be translated. */
  relayWire(operation: Operation, dialect: DialectName, model: string): Wire | undefined {
    for (const { wire, models } of this.wires) {
      if (wire.dialect === dialect && serves(wire, operation) && models.test(model)) return wire;
    }
    return undefined;
  }

  /** The wires that serve an operation of a model, best first: a request of another dialect is translated to the first. */
  wiresFor(operation: Operation, model: string): readonly Wire[] {
    const found: Wire[] = [];
    for (const { wire, models } of this.wires) if (serves(wire, operation) && models.test(model)) found.push(wire);
    return found;
  }
}

/** The wire with the settings that stand in its bodies as fields to set. */
function withSettings(wire: Wire, settings: Readonly<Record<string, string>>): Wire {
  if (wire.body?.settings === undefined) return wire;
  const set: Record<string, Json> = { ...wire.body.set };
  for (const [field, name] of Object.entries(wire.body.settings)) {
    const value = settings[name];
    if (value !== undefined) set[field] = value;
  }
  return { ...wire, body: { ...wire.body, set } };
}

/** Responses is chat in a dialect that has a name of its own for it. */
function serves({ operations }: Wire, operation: Operation): boolean {
  return operations.includes(operation === "responses" ? "chat" : operation);
}
