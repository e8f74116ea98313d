// Behind a proxy that puts a path in front: pages, their parts and their modules find each other, and
// what is copied is the address that others can use.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { clipboard, copied, on, said } from "./browser.js";
import { launch } from "./server.js";

const prefix = "/paper";
const proxied = {};

function pass(request, answer) {
  if (!request.url.startsWith(`${prefix}/`)) return answer.writeHead(404).end();
  const { method, headers } = request;
  const asked = http.request(proxied.behind + request.url.slice(prefix.length), { method, headers }, (got) => {
    answer.writeHead(got.statusCode, got.headers);
    got.pipe(answer);
  });
  request.pipe(asked);
}

const proxy = http.createServer(pass);

before(async () => {
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  proxied.origin = `http://127.0.0.1:${proxy.address().port}`;
  const { url, stop } = await launch("--public-url", proxied.origin + prefix);
  Object.assign(proxied, { behind: url, stop });
});
after(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await proxied.stop();
});

function through(path, work) {
  return (context) => on(prefix + path, { origin: proxied.origin, permissions: clipboard }, work)(context);
}

describe("behind a path", () => {
  test("a pilcrow gives the public address", through("/v1/articles/1.html", async (page) => {
    await page.focus("#p-2 .anchor");
    await page.keyboard.press("Enter");
    await said(page, /Link to paragraph 2 copied/);
    assert.equal(await copied(page), `${proxied.origin}${prefix}/v1/articles/1.html#p-2`);
    await page.getByRole("button", { name: "Copy quote with citation" }).click();
    await said(page, /Copied: quote/);
    assert.ok((await copied(page)).endsWith(` ${proxied.origin}${prefix}/v1/articles/1.html#p-2`));
  }));

  test("names while typing lead on", through("/", async (page) => {
    await page.locator("header input[type=search]").fill("ferry cat");
    await page.waitForSelector(".completions li");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${proxied.origin}${prefix}/v1/articles/9.html`);
  }));

  test("a quote is checked", through("/v1/quotes.html", async (page) => {
    await page.fill("form.quote input", "Every boat that enters the harbour carries an instrument");
    await page.keyboard.press("Enter");
    await said(page, /Word for word/);
  }));
});
