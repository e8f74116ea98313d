// What every module of the reader needs: elements, one voice for screen readers, the clipboard and
// the API. Text from the API becomes text nodes and attributes, never markup.

// Found from where this file came from, so that a proxy may put a path in front of all of it.
const api = import.meta.url.replace(/assets\/.*/, "v1/");

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function button(label, onclick, attributes = {}) {
  return element("button", { type: "button", onclick, ...attributes }, label);
}

let voice;

// A region that is filled in the moment it appears is not read; so it is there from the start, and
// the same words twice are said twice because it is emptied in between.
export function announce(text) {
  voice ??= document.body.appendChild(element("p", { role: "status", class: "hidden" }));
  voice.textContent = "";
  setTimeout(() => (voice.textContent = text), 50);
}

// Without TLS the clipboard is open on this machine alone; elsewhere the older way may still do.
export async function copy(text, done) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copied = copySelected(text);
  }
  announce(copied ? done : "The browser does not allow copying here.");
  return copied;
}

function copySelected(text) {
  const focused = document.activeElement;
  const field = element("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return copied;
}

// A button that copies, and says for a while that it has.
export function copyButton(label, text, attributes) {
  const made = button(label, async () => {
    const value = await text();
    if (!value || !(await copy(value, label.replace("Copy", "Copied:")))) return;
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = label), 2000);
  }, attributes);
  return made;
}

export async function ask(path, { signal, body } = {}) {
  const sent = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await fetch(new URL(path, api), { signal, ...sent });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? said.title);
  return said;
}

// An address that the API gives begins at its root, which is not the root of every host.
export function address(url) {
  return url.replace("/v1/", api);
}

// The address of this page that others can use and that stays: the server says it in its head.
export function pageAddress() {
  return document.querySelector("link[rel=canonical]")?.href ?? location.href.replace(/#.*/, "");
}

export function shared(url) {
  return pageAddress().replace(/\/v1\/.*/, url);
}
