// What readers do with a paragraph: link to it, cite it, quote words of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clipboard, copied, on, said } from "./browser.js";
import { send, server } from "./server.js";

const may = { permissions: clipboard };
const article = "/v1/articles/1.html";

function select(page, id, from, to) {
  return page.evaluate(([name, start, end]) => {
    const { firstChild } = document.getElementById(name);
    getSelection().setBaseAndExtent(firstChild, start, firstChild, end);
  }, [id, from, to]);
}

test("a pilcrow copies the durable link and does not move the page", on(article, may, async (page) => {
  await page.hover("#p-2");
  const before = await page.evaluate(() => scrollY);
  await page.click("#p-2 .anchor");
  await said(page, /Link to paragraph 2 copied/);
  assert.equal(await copied(page), `${server.url}/v1/articles/1.html#p-2`);
  assert.equal(await page.evaluate(() => scrollY), before);
  assert.equal(new URL(page.url()).hash, "#p-2");
  assert.equal(await page.evaluate(() => document.activeElement.className), "anchor");
}));

test("an article's slug in the address gives the same link by id", on(
  "/v1/articles/ferry-cat-retires-with-full-honours.html", may, async (page) => {
    const first = page.locator(".para").first();
    await first.hover();
    await first.locator(".anchor").click();
    await said(page, /copied/);
    assert.equal(await copied(page), `${server.url}/v1/articles/9.html#${await first.getAttribute("id")}`);
  }));

test("a pilcrow by keyboard: open, cite, close, and the focus is back", on(article, may, async (page) => {
  await page.focus("#p-2 .anchor");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("#p-2 .anchor", "aria-expanded"), "true");
  await page.getByRole("button", { name: "Copy quote with citation" }).focus();
  await page.keyboard.press("Enter");
  await said(page, /Copied: quote with citation/);
  const text = await copied(page);
  assert.match(text, /^\u201cThe lamp is not needed\..*\u201d \u2014 Edda Varn, "The Harbour Lamp/);
  assert.ok(text.endsWith(`2018-06-03, paragraph 2, ${server.url}/v1/articles/1.html#p-2`), text);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".slip").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.closest(".para").id), "p-2");
}));

test("one slip is open at a time, and the same pilcrow closes it", on(article, may, async (page) => {
  for (const id of ["p-2", "p-3"]) {
    await page.focus(`#${id} .anchor`);
    await page.keyboard.press("Enter");
  }
  assert.equal(await page.locator(".slip").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".slip").count(), 0);
}));

test("Escape closes from the pilcrow, too", on(article, may, async (page) => {
  await page.focus("#p-2 .anchor");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".slip");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".slip").count(), 0);
  assert.equal(await page.getAttribute("#p-2 .anchor", "aria-expanded"), "false");
}));

test("selected words are quoted with their place", on(article, may, async (page) => {
  await select(page, "p-3", 0, 43);
  await page.getByRole("button", { name: "Quote this" }).click();
  await said(page, /Word for word \u00b7 paragraph 3, version 1/);
  await page.getByRole("button", { name: "Copy quote with citation" }).click();
  await said(page, /Copied: quote with citation/);
  assert.match(await copied(page), /^\u201cIts lens, four hundred pieces of ground gla.*\u201d \u2014 Edda Varn/);
  await page.getByRole("button", { name: "Copy link to these words" }).click();
  await said(page, /Copied: link/);
  assert.match(await copied(page), /\/v1\/articles\/1\.html#p-3:~:text=Its%20lens/);
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.closest(".para").id), "p-3");
}));

test("a paragraph that is selected by three clicks is quoted under itself", on(article, may, async (page) => {
  await page.locator("#p-3").click({ clickCount: 3, position: { x: 40, y: 12 } });
  await page.getByRole("button", { name: "Quote this" }).click();
  await said(page, /Word for word \u00b7 paragraph 3, version 1/);
  assert.equal(await page.locator("#p-3 + .slip").count(), 1);
}));

test("a word or two are no quote, and neither is what stands outside", on(article, may, async (page) => {
  await select(page, "p-3", 0, 3);
  await page.waitForTimeout(350);
  assert.equal(await page.locator(".quote-this").count(), 0);
  await page.evaluate(() => getSelection().selectAllChildren(document.querySelector("header.site")));
  await page.waitForTimeout(350);
  assert.equal(await page.locator(".quote-this").count(), 0);
}));

test("words that were changed meanwhile are called nearly right", on(() => `/v1/articles/${server.edited}.html`, may,
  async (page) => {
    const id = await page.locator(".para").first().getAttribute("data-pid");
    const { text } = await (await fetch(`${server.url}/v1/paragraphs/${id}`)).json();
    await send("PATCH", `/v1/paragraphs/${id}`, { text: text.replace("great", "spring") }, { "If-Match": "*" });
    await select(page, `p-${id}`, 0, text.length);
    await page.getByRole("button", { name: "Quote this" }).click();
    await said(page, /Nearly: some words differ/);
    await page.getByRole("button", { name: "Copy quote with citation" }).click();
    await said(page, /Copied: quote with citation/);
    assert.match(await copied(page), /^\u201c.*the spring flood\.\u201d/);
  }));

test("where the clipboard is shut, the link is shown", on(article, {}, async (page) => {
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("shut"));
    document.execCommand = () => false;
  });
  await page.focus("#p-2 .anchor");
  await page.keyboard.press("Enter");
  await said(page, /does not allow copying/);
  assert.equal(await page.innerText(".slip a"), `${server.url}/v1/articles/1.html#p-2`);
}));
