import { isReferencePlace } from "./json-schema.ts";
import type { Environment } from "./options.ts";
import type { Path } from "./path.ts";

export interface ReferenceFault {
  path: Path;
  message: string;
  remedy: string;
}

const VARIABLE = /^env\.([A-Za-z_][A-Za-z0-9_]*)$/;
const VAULT = /^vault\.([^/]+)\/.+$/;

/**
 * A copy of the tree in which `env.NAME` is replaced by the variable's value wherever references may stand. A variable that is
 * not set is a fault, unless what uses it is switched off. Vaults are a reserved form: none can be configured yet.
 */
export function resolveReferences(tree: unknown, env: Environment): { tree: unknown; faults: ReferenceFault[] } {
  const faults: ReferenceFault[] = [];

  function resolve(value: unknown, path: Path, isOff: boolean): unknown {
    if (typeof value === "string") return resolveText(value, path, isOff);
    if (Array.isArray(value)) return value.map((item, at) => resolve(item, [...path, at], isOff));
    if (typeof value !== "object" || value === null) return value;
    const off = isOff || (value as { enabled?: unknown }).enabled === false;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, [...path, key], off)]));
  }

  function resolveText(value: string, path: Path, isOff: boolean): string {
    if (!/^(?:env|vault)\./.test(value) || !isReferencePlace(path)) return value;
    const variable = VARIABLE.exec(value)?.[1];
    if (variable !== undefined) return env[variable] || missing(variable, value, path, isOff);
    const vault = VAULT.exec(value)?.[1];
    if (vault === undefined) return value;
    faults.push({ path, message: `no vault of the name ${vault} is configured`, remedy: "use env.NAME" });
    return value;
  }

  function missing(variable: string, value: string, path: Path, isOff: boolean): string {
    if (!isOff) {
      const remedy = `set ${variable} before the start, or take this entry out`;
      faults.push({ path, message: `the environment variable ${variable} is not set`, remedy });
    }
    return value;
  }

  return { tree: resolve(tree, [], false), faults };
}
