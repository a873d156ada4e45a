import { afterAll, beforeAll, describe } from "bun:test";
import type { SpokenDialect as ChatDialect } from "../spoken.ts";
import { DIALECTS, modelAt, startScene, type Scene } from "./scene.ts";

/** What the tests of a file work with; there from the first test on. */
export interface Stage<Client> {
  scene: Scene;
  client: Client;
}

/** The scene of a file's tests, and an SDK's client of its gateway. */
export function useScene<Client>(connect: (url: string) => Client): Stage<Client> {
  let stage: Stage<Client> | null = null;
  const ready = (): Stage<Client> => {
    if (stage === null) throw new Error("the scene is not set before the tests run");
    return stage;
  };
  beforeAll(async () => {
    const scene = await startScene();
    stage = { scene, client: connect(scene.gateway.url) };
  });
  afterAll(() => ready().scene.close());
  return {
    get scene() {
      return ready().scene;
    },
    get client() {
      return ready().client;
    },
  };
}

/** Describes how an SDK fares on a provider of each dialect, with whole and with streamed answers. */
export function describeEach(
  sdk: string,
  tests: (dialect: ChatDialect, isStream: boolean, model: string) => void,
): void {
  for (const dialect of DIALECTS) {
    for (const isStream of [false, true]) {
      describe(`${sdk} on ${dialect}${isStream ? ", streamed" : ""}`, () => tests(dialect, isStream, modelAt(dialect)));
    }
  }
}
