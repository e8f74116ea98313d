// The slip that opens under a paragraph: one at a time, closed by Escape, and closing gives the focus
// back to what opened it, or to the paragraph's pilcrow.
import { button, element } from "./dom.js";

let open;

export function openSlip(paragraph, opener, label, ...content) {
  closeSlip();
  const slip = element("div", { class: "slip", role: "group", "aria-label": label }, ...content);
  paragraph.after(slip);
  if (opener) opener.ariaExpanded = true;
  open = { slip, opener, back: paragraph.querySelector(".anchor") };
  return slip;
}

export function closeSlip(isAsked) {
  if (!open) return;
  const { slip, opener, back } = open;
  open = undefined;
  slip.remove();
  if (opener) opener.ariaExpanded = false;
  if (isAsked) back?.focus();
}

export function slipRow(...buttons) {
  return element("div", { class: "row" }, ...buttons, button("Close", () => closeSlip(true)));
}

export function isOpenFor(opener) {
  return open?.opener === opener;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeSlip(true);
});
