// Every kind of page, light and dark, wide and narrow: nothing sticks out, axe has no complaint (light
// and wide, dark and narrow), the console is silent and nothing is asked of anyone else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { on } from "./browser.js";
import { complaints, overflow } from "./look.js";
import { server } from "./server.js";

const quote = encodeURIComponent("The lamp is not needed. Every boats that enters the harbour");

const kinds = {
  front: "/",
  list: "/v1/articles.html?limit=4",
  article: "/v1/articles/1.html",
  "hostile article": () => `/v1/articles/${server.hostile}.html`,
  tags: "/v1/tags.html",
  "one tag": "/v1/tags/harbour.html",
  "a tag's articles": "/v1/tags/harbour/articles.html",
  sections: "/v1/sections.html",
  "a section's articles": "/v1/sections/harbour/articles.html",
  authors: "/v1/authors.html",
  "an author's articles, two facets chosen": "/v1/authors/edda-varn/articles.html?tag=harbour&date=2018",
  search: "/v1/search.html?q=harbour",
  "search for paragraphs": "/v1/search.html?q=ferry&scope=paragraphs",
  "search without a match": "/v1/search.html?q=zeppelin",
  history: () => `/v1/articles/${server.edited}/revisions.html`,
  version: () => `/v1/articles/${server.edited}/revisions/1.html`,
  difference: () => `/v1/articles/${server.edited}/diff.html?from=1&to=2`,
  quotes: "/v1/quotes.html",
  "quote that is nearly right": `/v1/quotes.html?text=${quote}`,
};

for (const [kind, path] of Object.entries(kinds)) {
  for (const scheme of ["light", "dark"]) {
    test(`${kind}, ${scheme}: fits 1280, 390 and 320 pixels, and axe finds nothing`, on(path, { scheme }, async (page) => {
      for (const width of scheme === "light" ? [320, 390, 1280] : [1280, 320, 390]) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await overflow(page), [], `${width} pixels`);
      }
      assert.deepEqual(await complaints(page), []);
    }));
  }
}

for (const scheme of ["light", "dark"]) {
  test(`what the modules open, ${scheme}: fits 320 pixels, and axe finds nothing`, on("/v1/articles/1.html",
    { scheme, width: 320 }, async (page) => {
      await page.focus("#p-1 .anchor");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Copy quote with citation" }).click();
      await page.evaluate(() => getSelection().selectAllChildren(document.getElementById("p-3")));
      await page.getByRole("button", { name: "Quote this" }).waitFor();
      await page.waitForSelector(".slip");
      assert.deepEqual(await overflow(page), []);
      assert.deepEqual(await complaints(page), []);
      await page.locator("header input[type=search]").pressSequentially("fer");
      await page.waitForSelector(".completions li");
      await page.keyboard.press("ArrowDown");
      await page.waitForSelector("[aria-selected=true]");
      assert.deepEqual(await overflow(page), []);
      assert.deepEqual(await complaints(page), []);
    }));
}
