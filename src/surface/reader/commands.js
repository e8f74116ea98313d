// The command that fetches a page as data names the host that the reader is on, and can be copied.
import { copyButton } from "./dom.js";

export function setUpCommands(section) {
  const code = section.querySelector("code");
  for (const origin of code.querySelectorAll(".origin")) origin.textContent = location.origin;
  section.append(copyButton("Copy", () => code.textContent, { class: "copy" }));
}
