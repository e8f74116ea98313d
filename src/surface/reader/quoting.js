// Words that are selected in an article can be quoted: a button beside the selection asks the server
// whether they stand there and how they are cited.
import { announce, button, copyButton, element } from "./dom.js";
import { paragraphText } from "./anchors.js";
import { cite, longest } from "./cite.js";
import { openSlip, slipRow } from "./slip.js";

const shortest = 8;

export function setUpQuoting(article) {
  let offered, timer;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A press on the button may drop the selection before the click arrives.
      if (offered?.matches(":active, :focus")) return;
      offered?.remove();
      offered = offer(article);
    }, 200);
  });
}

function chosen(article) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const first = paragraphOf(range.startContainer);
  if (!first || !article.contains(first) || !article.contains(range.endContainer)) return;
  const text = paragraphText(range.cloneContents());
  if (text.length < shortest || [...text].length > longest) return;
  // Three clicks select to the beginning of the next paragraph.
  const last = range.endOffset > 0 && paragraphOf(range.endContainer);
  return { range, text, paragraph: last || first };
}

function paragraphOf(node) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".para");
}

function offer(article) {
  const choice = chosen(article);
  if (!choice) return;
  const { range, text, paragraph } = choice;
  const made = button("Quote this", () => {
    made.remove();
    quote(article, paragraph, text);
  }, { class: "quote-this" });
  paragraph.after(made);
  place(made, range);
  return made;
}

// Under the end of the selection, where it hides none of it, and within the page.
function place(made, range) {
  const box = [...range.getClientRects()].at(-1);
  const widest = document.documentElement.clientWidth - made.offsetWidth - 8;
  made.style.left = `${scrollX + Math.max(8, Math.min(box.right, widest))}px`;
  made.style.top = `${scrollY + box.bottom + 6}px`;
}

async function quote(article, paragraph, text) {
  const verdict = element("p", { tabindex: "-1" }, "Looking it up \u2026");
  const slip = openSlip(paragraph, undefined, "Quote", element("blockquote", {}, text), verdict);
  try {
    const answer = await cite(text, article.dataset.id);
    verdict.textContent = [answer.verdict, answer.place].filter(Boolean).join(" \u00b7 ");
    if (answer.words && answer.words !== text) slip.append(element("blockquote", {}, answer.words));
    if (answer.source) slip.append(element("p", {}, answer.source));
    slip.append(answer.citation ? copies(answer) : slipRow());
  } catch (error) {
    verdict.textContent = error.message;
    slip.append(slipRow());
  }
  announce(verdict.textContent);
  verdict.focus();
}

function copies({ citation, link }) {
  return slipRow(
    copyButton("Copy quote with citation", () => citation),
    copyButton("Copy link to these words", () => link),
  );
}
