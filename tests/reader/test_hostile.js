// An article that means harm: its title, its names and its text stay text wherever they stand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clipboard, copied, on, said } from "./browser.js";
import { harm, server } from "./server.js";

function foreign(page) {
  return page.locator("main script, main img, main svg, main [onclick], main [onerror], main [onload]").count();
}

test("the article shows what it was given, and runs none of it", on(() => `/v1/articles/${server.hostile}.html`, {},
  async (page) => {
    assert.equal((await page.innerText("h1")).trim(), harm.title);
    assert.equal((await page.locator(".para").first().innerText()).replace(/\s*\u00b6$/, ""), harm.paragraph);
    assert.equal(await page.locator(".tags a").first().innerText(), harm.name);
    assert.equal(await foreign(page), 0);
  }));

const elsewhere = ["/", "/v1/articles.html?sort=published&limit=3", "/v1/tags.html", "/v1/authors.html", "/v1/search.html?q=onerror",
  `/v1/search.html?q=${encodeURIComponent(harm.title)}`, `/v1/quotes.html?text=${encodeURIComponent(harm.paragraph)}`];

for (const path of elsewhere) {
  test(`nothing runs on ${path.slice(0, 40)}`, on(path, {}, async (page) => assert.equal(await foreign(page), 0)));
}

test("the modules put harm in as text, too", on(() => `/v1/articles/${server.hostile}.html`, { permissions: clipboard },
  async (page) => {
    await page.locator(".para .anchor").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy quote with citation" }).click();
    await said(page, /Copied: quote with citation/);
    assert.ok((await copied(page)).includes(harm.paragraph));
    await page.locator("header input[type=search]").pressSequentially("alert");
    await page.waitForSelector(".completions li");
    assert.ok((await page.innerText(".completions")).includes(harm.title));
    assert.equal(await page.locator(".slip script, .slip img, .completions script, .completions img").count(), 0);
  }));
