// Chromium as readers have it. Each visit has a profile of its own and remembers what went wrong:
// errors on the console (a breach of the security policy is one), exceptions, requests to elsewhere.
import assert from "node:assert/strict";
import { server } from "./server.js";
import { tool } from "./tools.js";

const { chromium } = await tool("playwright-core");
let browser;

export const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
};

export async function visit(path, { origin = server.url, scheme = "light", width = 1280, script = true, elsewhere = [],
  status = 200, mayFail, ...more } = {}) {
  browser ??= await chromium.launch(launchOptions);
  const context = await browser.newContext({ colorScheme: scheme, javaScriptEnabled: script,
    viewport: { width, height: 900 }, reducedMotion: "reduce", ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !mayFail?.test(message.text())) page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("dialog", (dialog) => page.faults.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => {
    const there = new URL(request.url());
    if (![origin, ...elsewhere].includes(there.origin) && there.protocol !== "data:") page.faults.push(`asked ${there}`);
  });
  const answer = await page.goto(origin + path);
  assert.equal(answer.status(), status, path);
  return page;
}

export async function leave(page) {
  const { faults } = page;
  await page.context().close();
  assert.deepEqual(faults, []);
}

// A test with a page of its own, which must leave no fault.
export function on(path, options, work) {
  return async () => {
    const page = await visit(typeof path === "function" ? path() : path, options);
    let done = false;
    try {
      await work(page);
      done = true;
    } finally {
      if (!done) await page.context().close();
    }
    await leave(page);
  };
}

export const clipboard = ["clipboard-read", "clipboard-write"];

export function copied(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

export async function said(page, pattern) {
  await page.waitForFunction(([source]) => new RegExp(source).test(
    document.querySelector("[role=status]").textContent), [pattern.source]);
}

export async function closeBrowser() {
  await browser?.close();
}
