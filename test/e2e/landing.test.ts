import { afterAll, beforeAll, expect, test } from "bun:test";
import { chromium, type Browser } from "playwright-core";
import { startGateway, type Gateway } from "../gateway/start.ts";

const program = Bun.which("chromium") ?? Bun.which("google-chrome");
let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
}, 30_000);

afterAll(() => gateway.stop());

test("the page at / shows the address under which it was found, whatever that holds", async () => {
  const page = await fetch(gateway.url);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(await page.text()).toContain(`curl ${gateway.url}/v1/chat/completions`);
  const odd = await fetch(gateway.url, { headers: { host: "a'&b" } });
  expect(await odd.text()).not.toContain("a'&b");
});

test.skipIf(program === null)(
  "it is styled, wraps on a phone and logs no error (needs chromium)",
  async () => {
    const browser: Browser = await chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
      const errors: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(gateway.url);
      expect(await page.title()).toBe("Trunkline");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
      expect(
        await page.evaluate(() => getComputedStyle(document.querySelector("pre") as Element).whiteSpace),
      ).toContain("pre-wrap");
      expect(errors.filter((text) => !text.includes("favicon"))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  60_000,
);
