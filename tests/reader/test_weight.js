// What a first visit costs, and what Lighthouse thinks of it.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { launchOptions, on } from "./browser.js";
import { server } from "./server.js";
import { tool } from "./tools.js";

const { chromium } = await tool("playwright-core");

const article = "/v1/articles/1.html";

// What the network gave for each address: bytes with heads, and whether it was asked at all.
async function weigh(page) {
  const session = await page.context().newCDPSession(page);
  const names = new Map();
  const seen = [];
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) => names.set(requestId, response));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const { url, fromDiskCache } = names.get(requestId) ?? {};
    if (url) seen.push({ url, bytes: encodedDataLength, isKept: fromDiskCache || encodedDataLength === 0 });
  });
  return seen;
}

test("a first article is under 60 kB in all, heads included", on("/healthz", {}, async (page) => {
  const seen = await weigh(page);
  await page.goto(server.url + article, { waitUntil: "networkidle" });
  const bytes = seen.reduce((sum, each) => sum + each.bytes, 0);
  assert.ok(seen.length > 3 && bytes > 5000 && bytes < 60000, `${seen.length} requests, ${bytes} bytes`);
}));

test("style and scripts are not asked for again", on(article, {}, async (page) => {
  const seen = await weigh(page);
  await page.goto(`${server.url}/v1/articles/2.html`, { waitUntil: "networkidle" });
  assert.deepEqual(seen.filter(({ url, isKept }) => /\.(css|js)$/.test(url) && !isKept), []);
}));

test("the style is under 12 kB, the scripts under 15 kB", on("/healthz", {}, async (page) => {
  const answers = [];
  page.on("response", (answer) => answers.push(answer));
  await page.goto(server.url + article, { waitUntil: "networkidle" });
  const sizes = { css: 0, js: 0 };
  for (const answer of answers) {
    const [, suffix] = answer.url().match(/\/assets\/.*\.(css|js)$/) ?? [];
    if (suffix) sizes[suffix] += (await answer.body()).length;
  }
  assert.ok(sizes.css > 1000 && sizes.css < 12000, `${sizes.css} bytes of style`);
  assert.ok(sizes.js > 1000 && sizes.js < 15000, `${sizes.js} bytes of scripts`);
}));

async function lighthouse(url) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "pilcrow-lighthouse-"));
  const browser = await chromium.launchPersistentContext(profile, { ...launchOptions,
    args: [...launchOptions.args, "--remote-debugging-port=0"] });
  try {
    const port = Number(fs.readFileSync(path.join(profile, "DevToolsActivePort"), "utf8").split("\n")[0]);
    const run = await tool("lighthouse");
    return (await run(url, { port, logLevel: "silent", onlyCategories: ["accessibility", "best-practices", "performance"] })).lhr;
  } finally {
    await browser.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

test("Lighthouse gives an article 100 for accessibility and for best practices", async (context) => {
  const { categories, audits } = await lighthouse(server.url + article);
  const lost = Object.values(audits).filter(({ score }) => score !== null && score < 1).map(({ id }) => id);
  for (const { id, score } of Object.values(categories)) context.diagnostic(`${id} ${Math.round(score * 100)}`);
  assert.equal(categories.accessibility.score, 1, lost.join(" "));
  assert.equal(categories["best-practices"].score, 1, lost.join(" "));
});
