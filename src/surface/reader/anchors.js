// A pilcrow is a link to its paragraph. Chosen, it copies the durable address (by id, which no
// new title changes) and opens a slip that has the citation, too.
import { copy, copyButton, element, pageAddress } from "./dom.js";
import { cite } from "./cite.js";
import { closeSlip, isOpenFor, openSlip, slipRow } from "./slip.js";

export function paragraphText(node) {
  const copied = node.cloneNode(true);
  for (const extra of copied.querySelectorAll(".anchor, .slip, .quote-this")) extra.remove();
  return copied.textContent.replace(/[ \t\r\n]+/g, " ").trim();
}

export function setUpAnchors(article) {
  for (const anchor of article.querySelectorAll(".para > .anchor")) anchor.ariaExpanded = false;
  article.addEventListener("click", (event) => {
    const anchor = event.target.closest(".para > .anchor");
    if (!anchor || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (isOpenFor(anchor)) closeSlip(true);
    else choose(article, anchor);
  });
}

function choose(article, anchor) {
  const paragraph = anchor.closest(".para");
  // Not by location.hash, which scrolls and takes the focus away; so :target stays what it was.
  history.replaceState(null, "", `#${paragraph.id}`);
  article.classList.add("pointed");
  const link = `${pageAddress()}#${paragraph.id}`;
  const label = `Paragraph ${paragraph.dataset.n} of version ${article.dataset.version}`;
  const note = element("p", {}, label);
  const quote = copyButton("Copy quote with citation", () => citation(article, paragraph, note));
  const again = copyButton("Copy link", () => link);
  openSlip(paragraph, anchor, label, note, slipRow(again, quote));
  copy(link, `Link to paragraph ${paragraph.dataset.n} copied.`).then((copied) => {
    note.textContent = copied ? "Link copied: " : "Link: ";
    note.append(element("a", { href: link }, link));
  });
}

async function citation(article, paragraph, note) {
  try {
    const found = await cite(paragraphText(paragraph), article.dataset.id);
    note.textContent = found.citation ?? found.verdict;
    return found.citation;
  } catch (error) {
    note.textContent = `No citation: ${error.message}`;
  }
}
