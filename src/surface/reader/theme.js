// Dark or light by hand. What is chosen is kept as long as it differs from what the system wishes;
// early.js heeds it on the next page.
import { button } from "./dom.js";

const root = document.documentElement;
const wish = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const { theme } = root.dataset;
  return theme ? theme === "dark" : wish.matches;
}

// A browser may forbid storage; then the choice lasts as long as the page.
function keep(theme) {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    return;
  }
}

function turn(isToBeDark) {
  if (isToBeDark === wish.matches) delete root.dataset.theme;
  else root.dataset.theme = isToBeDark ? "dark" : "light";
  keep(root.dataset.theme);
}

export function setUpTheme(header) {
  const made = button("", () => {
    turn(!isDark());
    show();
  }, { class: "theme", "aria-label": "Dark colours", title: "Dark colours" });
  const show = () => (made.ariaPressed = isDark());
  wish.addEventListener("change", show);
  header.append(made);
  show();
}
