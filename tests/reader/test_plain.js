// Without scripts: pages are read, leafed through and searched as ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { on } from "./browser.js";
import { server } from "./server.js";

const plain = { script: false };

test("without scripts an article is whole", on("/v1/articles/1.html", plain, async (page) => {
  const article = await (await fetch(`${server.url}/v1/articles/1`)).json();
  assert.equal((await page.innerText("h1")).trim(), article.title);
  const shown = await page.locator(".para").allInnerTexts();
  assert.deepEqual(shown.map((text) => text.replace(/\s*\u00b6\s*$/, "")), article.paragraphs.map(({ text }) => text));
}));

test("without scripts a paragraph's address shows it", on("/v1/articles/1.html#p-3", plain, async (page) => {
  assert.equal(await page.locator(":target").getAttribute("data-n"), "3");
}));

test("without scripts a list leads on and back", on("/v1/articles.html?limit=4", plain, async (page) => {
  const first = await page.locator(".articles h2").allInnerTexts();
  await page.click(".pager [rel=next]");
  const second = await page.locator(".articles h2").allInnerTexts();
  assert.equal(second.filter((title) => first.includes(title)).length, 0);
  await page.click(".pager [rel=prev]");
  assert.deepEqual(await page.locator(".articles h2").allInnerTexts(), first);
}));

test("without scripts the masthead searches", on("/", plain, async (page) => {
  await page.fill("header input[type=search]", "ferry cat");
  await page.press("header input[type=search]", "Enter");
  assert.match(page.url(), /\/v1\/search\.html\?q=ferry\+cat$/);
  assert.match(await page.locator(".articles h2").first().innerText(), /Ferry Cat/);
  assert.ok(await page.locator("mark").count() > 0);
}));

test("without scripts any two versions are compared", on(() => `/v1/articles/${server.edited}/revisions.html`, plain,
  async (page) => {
    await page.getByLabel("to version").fill("2");
    await page.getByRole("button", { name: "Compare" }).click();
    assert.match(page.url(), /\/diff\.html\?from=1&to=2$/);
    assert.equal(await page.locator(".diff ins").first().innerText(), "a quarter");
  }));

test("without scripts a facet narrows a list down, and is given up again", on("/v1/articles.html", plain, async (page) => {
  const all = await page.innerText("main > .count");
  await page.locator(".facets a", { hasText: "Ferry" }).first().click();
  assert.equal(await page.locator(".facets [aria-current]").count(), 1);
  assert.notEqual(await page.innerText("main > .count"), all);
  await page.click(".facets [aria-current]");
  assert.equal(await page.innerText("main > .count"), all);
}));

test("without scripts nothing offers what only scripts can do", on("/v1/articles/1.html", plain, async (page) => {
  assert.equal(await page.locator("main button, .theme, .copy, [role=combobox]").count(), 0);
}));

test("the keyboard skips to the text", on("/v1/articles/1.html", plain, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#main$/);
}));
