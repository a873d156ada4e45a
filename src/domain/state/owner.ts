/**
 * Who may see what a virtual key made: all keys of its team, or where it has none the key alone. Callers without a key share
 * what they make.
 */
export function ownerOf(key: { id: string; team: string | null } | null): string {
  if (key === null) return "";
  return key.team === null ? `virtual_key:${key.id}` : `team:${key.team}`;
}
