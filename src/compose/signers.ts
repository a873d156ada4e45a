import type { Signer, SignerName } from "../canonical/signer.ts";
import { awsSigV4 } from "../providers/bedrock/sign.ts";

/** All signers, in alphabetical order. */
const SIGNERS: readonly Signer[] = [awsSigV4];

export const signers: ReadonlyMap<SignerName, Signer> = new Map(SIGNERS.map((signer) => [signer.name, signer]));
