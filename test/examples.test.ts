import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { startGateway } from "./gateway/start.ts";

const FOLDER = new URL("../examples/", import.meta.url);
const stories = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** What an example's `check.ts` exports. */
interface Story {
  /** Variables that its README sets. */
  env?: Record<string, string>;
  /** Throws when the gateway at `url` does not do what the README says. */
  check(url: string): Promise<void>;
}

test("there are examples", () => {
  expect(stories.map(({ name }) => name)).toContain("first-request");
});

test.each(stories.map(({ name }) => name))(
  "examples/%s does what its README says",
  async (name) => {
    const story = (await import(new URL(`${name}/check.ts`, FOLDER).pathname)) as Story;
    const readme = await Bun.file(new URL(`${name}/README.md`, FOLDER)).text();
    expect(readme).toContain(`--config examples/${name}/trunkline.yaml`);
    for (const [variable, value] of Object.entries(story.env ?? {})) expect(readme).toContain(`${variable}=${value}`);
    const config = new URL(`${name}/trunkline.yaml`, FOLDER).pathname;
    const gateway = await startGateway({ args: ["--config", config], env: story.env ?? {} });
    try {
      await story.check(gateway.url);
    } catch (error) {
      console.error(gateway.log());
      throw error;
    } finally {
      await gateway.stop();
    }
  },
  60_000,
);
