// The slip that opens under a paragraph: one at a time, closed by Escape, and closing gives the
// focus back to what opened it.
import { button, element } from "./dom.js";

let open;

export function openSlip(paragraph, opener, label, ...content) {
  closeSlip();
  const slip = element("div", { class: "slip", role: "group", "aria-label": label, id: "slip" }, ...content);
  slip.addEventListener("keydown", (event) => event.key === "Escape" && closeSlip(true));
  paragraph.after(slip);
  if (opener) opener.ariaExpanded = true;
  open = { slip, opener };
  return slip;
}

export function closeSlip(isAsked) {
  if (!open) return;
  const { slip, opener } = open;
  open = undefined;
  slip.remove();
  if (!opener) return;
  opener.ariaExpanded = false;
  if (isAsked) opener.focus();
}

export function slipRow(...buttons) {
  return element("div", { class: "row" }, ...buttons, button("Close", () => closeSlip(true)));
}

export function isOpenFor(opener) {
  return open?.opener === opener;
}
