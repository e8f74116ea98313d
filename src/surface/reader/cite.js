// What a quote of an article is worth and how it is cited. The server decides both: it alone knows
// what stands there now.
import { ask, shared } from "./dom.js";

export const longest = 2000;

const verdicts = {
  verbatim: "Word for word",
  normalized: "The same words; punctuation or blanks differ",
  near: "Nearly: some words differ now",
  misattributed: "It stands in another article",
  none: "It does not stand there any more",
};

// The whole of a long paragraph is cited by its beginning. POST, because a quote may hold what an
// address cannot: line breaks, or 2,000 characters of three bytes each.
export async function cite(text, article) {
  const characters = [...text];
  const asked = characters.slice(0, longest).join("");
  const { data } = await ask("quotes", { body: { quotes: [{ text: asked, article: Number(article) }] } });
  const { status, match } = data[0];
  return { verdict: verdicts[status] ?? status, ...(match && found(text, status, match)) };
}

// What is cited is what stands there, whatever was asked. People are given the page, with the
// paragraph in its fragment, where programs are given JSON.
function found(text, status, match) {
  const words = /^(verbatim|normalized)$/.test(status) ? text : match.text;
  const page = shared(`${match.article.url}.html#p-${match.paragraph}`);
  const source = match.citation.replace(match.url, () => page);
  return {
    place: `paragraph ${match.n}, version ${match.version}`,
    source,
    words,
    citation: `\u201c${words}\u201d \u2014 ${source}`,
    link: page + match.fragment,
  };
}
