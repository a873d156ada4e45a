import { JOB_OPERATIONS, type DialectName, type Operation, type TaskOperation } from "../../canonical/names.ts";
import type { ProviderManifest, Wire } from "../../canonical/provider.ts";

/** An operation over a wire, as the vendor of its dialect has it. */
export interface TaskWire {
  vendor: ProviderManifest;
  wire: Wire;
}

/**
 * The wire of a dialect for an operation beside chat, as the dialect's own vendor has it: with its headers, at any address,
 * for all models. Null: no provider offers the operation in that dialect. What may be asked about jobs comes with what
 * begins them.
 */
export function taskWire(
  manifests: readonly ProviderManifest[],
  operation: TaskOperation,
  dialect: DialectName,
): TaskWire | null {
  const own = manifests.filter(({ name }) => name === dialect);
  for (const vendor of [...own, ...manifests]) {
    const found = wireOf(vendor, operation, dialect);
    if (found === undefined) continue;
    const { basePath: _, models: __, ...rest } = found;
    const operations = [operation, ...jobsOf(vendor, operation, dialect)];
    return { vendor, wire: { ...rest, operations, headers: { ...vendor.headers, ...rest.headers } } };
  }
  return null;
}

function wireOf({ wires }: ProviderManifest, operation: Operation, dialect: DialectName): Wire | undefined {
  return wires.find((wire) => wire.dialect === dialect && wire.operations.includes(operation));
}

function jobsOf(vendor: ProviderManifest, operation: TaskOperation, dialect: DialectName): Operation[] {
  return operation === "video" ? JOB_OPERATIONS.filter((job) => wireOf(vendor, job, dialect) !== undefined) : [];
}

/** The dialects in which an operation can be had. */
export function dialectsWith(
  manifests: readonly ProviderManifest[],
  operation: TaskOperation,
  among: readonly DialectName[],
): DialectName[] {
  return among.filter((dialect) => taskWire(manifests, operation, dialect) !== null);
}
