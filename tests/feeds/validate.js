// validate.js FILE...: what others say of feeds; the name of a file ends in .atom, .rss or .feed.json. One line a file:
// its name, and "ok" or what is wrong. Fails when any is wrong.
//
// Atom and RSS are read by saxes, which forgives no XML, and by feedsmith, and what their standards ask for must be there
// afterwards; JSON Feed is held against its published schema.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const tools = createRequire(process.env.NODE_TOOLS);
const load = async (name) => import(pathToFileURL(tools.resolve(name)));
const { SaxesParser } = tools("saxes");
const { parseAtomFeed, parseRssFeed } = await load("feedsmith");
const Ajv = tools("ajv").default;
const ajv = new Ajv({ strict: false, allErrors: true });
tools("ajv-formats").default(ajv);
const matchesSchema = ajv.compile(tools("jsonfeed-schema/schema-v1.1.json"));

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const RFC822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

function expect(is, what) {
  if (!is) throw new Error(what);
}

function isWeb(url) {
  return ["http:", "https:"].includes(new URL(url).protocol);
}

function readStrictly(text) {
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(text).close();
}

function areUnique(ids) {
  expect(ids.every(Boolean) && new Set(ids).size === ids.length, "an item without an id, or two with one");
}

const links = (of, rel) => (of.links ?? []).filter((link) => link.rel === rel);

function checkAtom(feed) {
  const entries = feed.entries ?? [];
  for (const thing of [feed, ...entries]) {
    expect(/^urn:uuid:[0-9a-f-]{36}$/.test(thing.id), "no id");
    expect(thing.title, "no title");
    expect(RFC3339.test(thing.updated) && !isNaN(new Date(thing.updated)), `updated ${thing.updated}`);
    expect(!thing.published || RFC3339.test(thing.published), `published ${thing.published}`);
    const alternates = links(thing, "alternate");
    expect(alternates.length === 1 && isWeb(alternates[0].href), "not one alternate");
  }
  areUnique(entries.map((entry) => entry.id));
  expect(links(feed, "self").length === 1 && feed.authors?.length === 1, "no self, or no author");
  expect(entries.every((entry) => entry.content !== undefined), "an entry without content");
}

function checkRss(feed) {
  const items = feed.items ?? [];
  for (const thing of [feed, ...items]) {
    expect(thing.title, "no title");
    expect(isWeb(thing.link), "no link");
    for (const date of [thing.pubDate, thing.lastBuildDate]) expect(!date || RFC822.test(date), `date ${date}`);
  }
  expect(feed.description, "no description");
  areUnique(items.map((item) => item.guid?.value));
}

function checkXml(text, parse, check) {
  readStrictly(text);
  check(parse(text));
}

function checkJson(text) {
  const feed = JSON.parse(text);
  expect(matchesSchema(feed), ajv.errorsText(matchesSchema.errors));
  areUnique(feed.items.map((item) => item.id));
}

const forms = [
  [".atom", (text) => checkXml(text, parseAtomFeed, checkAtom)],
  [".rss", (text) => checkXml(text, parseRssFeed, checkRss)],
  [".feed.json", checkJson],
];

for (const file of process.argv.slice(2)) {
  const [, check] = forms.find(([suffix]) => file.endsWith(suffix));
  let said = "ok";
  try {
    check(readFileSync(file, "utf8"));
  } catch (error) {
    said = error.message.replaceAll("\n", " ");
    process.exitCode = 1;
  }
  console.log(`${file}: ${said}`);
}
