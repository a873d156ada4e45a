import type { Signer, SignerName } from "../canonical/signer.ts";
import { entra } from "../providers/azure/sign.ts";
import { awsSigV4 } from "../providers/bedrock/sign.ts";
import { googleOauth } from "../providers/vertex/sign.ts";
import { ibmIam } from "../providers/watsonx/sign.ts";

/** All signers, in alphabetical order. */
const SIGNERS: readonly Signer[] = [awsSigV4, entra, googleOauth, ibmIam];

export const signers: ReadonlyMap<SignerName, Signer> = new Map(SIGNERS.map((signer) => [signer.name, signer]));
