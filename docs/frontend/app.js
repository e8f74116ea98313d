// @ts-check
// A small front page on an origin of its own: lists, search, one article, and a correction.
// The part behind # says what is shown: #/ , #/search/WORDS , #/articles/ID
import { Client, Refusal } from "./client.js";

/** @typedef {import("./types").components["schemas"]} Schemas */

const client = new Client(new URLSearchParams(location.search).get("api") ?? "http://127.0.0.1:8080");
const main = one("main");
const note = one("#note");
const query = /** @type {HTMLInputElement} */ (one("#query"));
const token = /** @type {HTMLInputElement} */ (one("#token"));

/** @param {string} selector @returns {HTMLElement} */
function one(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** @param {string} name @param {string} [text] @param {Record<string, string>} [attributes] */
function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** @param {Schemas["ArticleInList"] | Schemas["ArticleHit"]} article */
function entry(article) {
  const item = element("li");
  const title = element("h2");
  title.append(element("a", article.title, { href: `#/articles/${article.id}` }));
  item.append(title, element("p", line(article), { class: "quiet" }), element("p", article.lead ?? ""));
  return item;
}

/** @param {{ authors: { name: string }[], published: string | null }} article */
function line({ authors, published }) {
  return [authors.map(({ name }) => name).join(", "), published].filter(Boolean).join(", ");
}

/** @param {string} [cursor] */
async function showList(cursor) {
  const { body, isKept } = await client.get("/v1/articles", {
    query: { limit: 5, sort: ["-published"], ...(cursor && { cursor }) },
  });
  const list = element("ol", "", { class: "articles" });
  list.append(...body.data.map(entry));
  main.replaceChildren(element("h1", "Newest"), list);
  const next = body.links.next && new URL(body.links.next, client.base).searchParams.get("cursor");
  if (next) main.append(element("a", "Older", { href: `#/after/${encodeURIComponent(next)}`, rel: "next" }));
  tell(`${body.meta.total} articles`, isKept);
}

/** @param {string} words */
async function showSearch(words) {
  const { body, isKept } = await client.get("/v1/search", { query: { q: words, limit: 10 } });
  const list = element("ol", "", { class: "articles" });
  // A search for paragraphs would answer hits of another shape; that is what `title` tells apart.
  for (const hit of body.data) if ("title" in hit) list.append(entry(hit));
  main.replaceChildren(element("h1", words), list);
  tell(`${body.meta.total} articles`, isKept);
}

/** @param {string} id */
async function showArticle(id) {
  const { body, etag, isKept } = await client.get("/v1/articles/{article}", { at: { article: id } });
  main.replaceChildren(element("h1", body.title), element("p", line(body), { class: "quiet" }));
  for (const paragraph of body.paragraphs) {
    const shown = element("p", paragraph.text, { id: `p-${paragraph.id}` });
    const correct = element("button", "Correct", { type: "button", "aria-label": `Correct paragraph ${paragraph.n}` });
    correct.addEventListener("click", () => edit(shown, paragraph, etag ?? ""));
    main.append(shown, correct);
  }
  tell(`version ${body.version}`, isKept);
}

/** @param {HTMLElement} shown @param {Schemas["Article"]["paragraphs"][number]} paragraph @param {string} etag */
function edit(shown, paragraph, etag) {
  const field = document.createElement("textarea");
  field.value = paragraph.text;
  field.setAttribute("aria-label", `Paragraph ${paragraph.n}`);
  const save = element("button", "Save", { type: "button" });
  save.addEventListener("click", () => attempt(async () => {
    await client.correct(paragraph.id, { text: field.value }, etag, token.value);
    await show();
  }));
  shown.replaceWith(field, save);
  field.focus();
}

/** @param {string} text @param {boolean} isKept */
function tell(text, isKept) {
  note.textContent = isKept ? `${text}, not changed since it was read (304)` : text;
}

/** @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    note.textContent = error instanceof Refusal ? `${error.status}: ${error.message}` : `No answer: ${error}`;
  }
}

function show() {
  const [, kind, value = ""] = location.hash.split("/").map(decodeURIComponent);
  if (kind === "articles") return showArticle(value);
  if (kind === "search") return showSearch(value);
  return showList(kind === "after" ? value : undefined);
}

one("form").addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = `#/search/${encodeURIComponent(query.value)}`;
});
addEventListener("hashchange", () => attempt(show));
attempt(show);
