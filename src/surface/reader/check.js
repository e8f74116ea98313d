// The quote check without a new page: the server's own page is fetched, and what it found is put in
// the place of what was found before. Anything unexpected is left to the browser.
import { announce } from "./dom.js";
import { setUpCommands } from "./commands.js";

export function setUpCheck(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    try {
      show(form, await found(url));
      history.replaceState(null, "", url);
    } catch {
      location.href = url;
    }
  });
}

async function found(url) {
  const answer = await fetch(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector("form.quote")) throw new Error("another page");
  return page;
}

function show(form, page) {
  while (form.nextSibling) form.nextSibling.remove();
  let node = page.querySelector("form.quote").nextSibling;
  for (; node; node = page.querySelector("form.quote").nextSibling) form.parentNode.append(node);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  document.querySelectorAll("section.curl").forEach(setUpCommands);
  announce(document.querySelector(".verdict").textContent);
}
