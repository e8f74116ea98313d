// The masthead's controls: dark or light, names while typing; and the commands below each page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clipboard, copied, on, said } from "./browser.js";
import { server } from "./server.js";

const field = "header input[type=search]";

function paper(page) {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test("dark colours can be chosen and stay chosen", on("/", {}, async (page) => {
  const light = await paper(page);
  const dark = page.getByRole("button", { name: "Dark colours" });
  await dark.click();
  assert.equal(await dark.getAttribute("aria-pressed"), "true");
  const chosen = await paper(page);
  assert.notEqual(chosen, light);
  await page.goto(`${server.url}/v1/articles/1.html`);
  assert.equal(await paper(page), chosen);
  await dark.click();
  assert.equal(await paper(page), light);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
}));

test("light colours can be chosen where the system wants dark ones", on("/", { scheme: "dark" }, async (page) => {
  const dark = await paper(page);
  await page.getByRole("button", { name: "Dark colours" }).click();
  await page.reload();
  assert.notEqual(await paper(page), dark);
}));

test("names while typing: a combobox by keyboard", on("/", {}, async (page) => {
  const input = page.locator(field);
  await input.pressSequentially("fer");
  await page.waitForSelector(".completions li");
  assert.equal(await input.getAttribute("aria-expanded"), "true");
  await said(page, /suggestions/);
  const options = await page.locator(".completions li").count();
  for (let n = 0; n < options + 1; n++) await page.keyboard.press("ArrowDown");
  assert.equal(await input.getAttribute("aria-activedescendant"), null);
  await page.keyboard.press("ArrowUp");
  const last = page.locator(".completions li").last();
  assert.equal(await input.getAttribute("aria-activedescendant"), await last.getAttribute("id"));
  assert.equal(await last.getAttribute("aria-selected"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".completions").isVisible(), false);
  assert.equal(await input.inputValue(), "fer");
}));

test("who types on gets names for what stands there in the end", on("/", {}, async (page) => {
  let asked = 0;
  await page.route("**/v1/suggest?*", async (route) => {
    if (asked++ === 0) await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue().catch(() => {});
  });
  const first = page.waitForRequest("**/v1/suggest?q=f");
  await page.locator(field).press("f");
  await first;
  await page.locator(field).press("e");
  await page.waitForSelector(".completions li");
  assert.match(await page.innerText(".completions"), /Ferry Cat/);
  assert.equal(asked, 2);
}));

test("a chosen name opens its page", on("/", {}, async (page) => {
  await page.locator(field).pressSequentially("ballast");
  await page.locator(field).fill("ferry cat");
  await page.waitForSelector(".completions li");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/v1/articles/9.html");
}));

test("Enter without a choice searches", on("/", {}, async (page) => {
  await page.locator(field).pressSequentially("fer");
  await page.waitForSelector(".completions li");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/v1/search.html?q=fer");
}));

test("a quote is checked without a new page", on("/v1/quotes.html", {}, async (page) => {
  await page.evaluate(() => (window.isSamePage = true));
  for (const [quote, verdict] of [["The lamp is needless.", /Found nowhere/],
    ["Every boat that enters the harbour carries an instrument", /Word for word/]]) {
    await page.fill("form.quote input", quote);
    await page.keyboard.press("Enter");
    await said(page, verdict);
    assert.match(await page.innerText(".verdict"), verdict);
    assert.equal(await page.locator(".verdict").count(), 1);
    assert.equal(new URL(page.url()).searchParams.get("text"), quote);
    assert.equal(await page.locator(".curl .copy").count(), 1);
  }
  assert.equal(await page.inputValue("form.quote input"), "Every boat that enters the harbour carries an instrument");
  assert.ok(await page.evaluate(() => window.isSamePage));
}));

test("the command below a page is copied as it can be run", on("/v1/articles/1.html", { permissions: clipboard },
  async (page) => {
    await page.click(".curl .copy");
    await said(page, /^Copied/);
    const command = await copied(page);
    const [address] = command.match(/http[^'" ]+/);
    assert.ok(address.startsWith(server.url), command);
    assert.equal((await fetch(address)).status, 200);
  }));
