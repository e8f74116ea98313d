// Names while somebody types in a search field: a combobox with a listbox of links. Enter without a
// choice searches, as it does without this module.
import { address, announce, ask, element } from "./dom.js";

const pause = 150;

export function setUpSuggestions(form, number) {
  const input = form.querySelector("input[type=search]");
  if (!input) return;
  const list = element("ul", { role: "listbox", class: "completions", id: `completions-${number}`,
    "aria-label": "Suggestions", hidden: true });
  Object.assign(input, { role: "combobox", autocomplete: "off", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", list.id);
  form.append(list);
  const state = { input, list, at: -1 };
  input.addEventListener("input", () => later(state));
  input.addEventListener("keydown", (event) => pressed(state, event));
  input.addEventListener("blur", () => close(state));
  // Before blur, which would close the list under the pointer.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
}

function later(state) {
  clearTimeout(state.timer);
  state.asked?.abort();
  state.timer = setTimeout(() => look(state), pause);
}

async function look(state) {
  const q = state.input.value.trim();
  if (!q) return close(state);
  clearTimeout(state.timer);
  state.asked?.abort();
  state.asked = new AbortController();
  try {
    const { data } = await ask(`suggest?q=${encodeURIComponent(q)}`, { signal: state.asked.signal });
    if (document.activeElement === state.input) show(state, data);
  } catch (error) {
    // Suggestions are a courtesy: the search itself says what is wrong. What was given up, because
    // somebody types on, must not close what follows it.
    if (error.name !== "AbortError") close(state);
  }
}

function show(state, items) {
  const { input, list } = state;
  list.replaceChildren(...items.map((item, n) => element("li", { role: "option", id: `${list.id}-${n}`,
    "aria-selected": "false", "data-href": page(item) },
  element("span", {}, item.text), element("span", {}, item.type))));
  state.at = -1;
  input.removeAttribute("aria-activedescendant");
  list.hidden = !items.length;
  input.ariaExpanded = !list.hidden;
  announce(items.length ? `${items.length} suggestions` : "No suggestions");
}

function page({ type, url }) {
  return address(url) + (type === "title" ? ".html" : "/articles.html");
}

function close(state) {
  clearTimeout(state.timer);
  state.asked?.abort();
  state.list.hidden = true;
  state.at = -1;
  state.input.ariaExpanded = false;
  state.input.removeAttribute("aria-activedescendant");
}

const steps = { ArrowDown: 1, ArrowUp: -1 };

function pressed(state, event) {
  if (event.isComposing) return;
  const isOpen = !state.list.hidden;
  if (event.key in steps) {
    event.preventDefault();
    if (isOpen) move(state, steps[event.key]);
    else look(state);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close(state);
  } else if (event.key === "Enter" && isOpen && state.at >= 0) {
    event.preventDefault();
    go(state.list.children[state.at]);
  }
}

// Round and round, by way of the field itself.
function move(state, step) {
  const { input, list } = state;
  const places = list.children.length + 1;
  state.at = ((state.at + 1 + step + places) % places) - 1;
  [...list.children].forEach((option, n) => (option.ariaSelected = n === state.at));
  if (state.at < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", list.children[state.at].id);
  list.children[state.at].scrollIntoView({ block: "nearest" });
}

function go(option) {
  if (option) location.href = option.dataset.href;
}
