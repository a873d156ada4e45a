import type { Signer, SignerName } from "../canonical/signer.ts";

/** All signers, in alphabetical order. */
const SIGNERS: readonly Signer[] = [];

export const signers: ReadonlyMap<SignerName, Signer> = new Map(SIGNERS.map((signer) => [signer.name, signer]));
