// The reader's enhancements. Every page is whole without them; each module is set up only where what
// it works on is there.
import { announce } from "./dom.js";
import { setUpAnchors } from "./anchors.js";
import { setUpCheck } from "./check.js";
import { setUpCommands } from "./commands.js";
import { setUpQuoting } from "./quoting.js";
import { setUpSuggestions } from "./suggest.js";
import { setUpTheme } from "./theme.js";

function each(selector, setUp) {
  document.querySelectorAll(selector).forEach(setUp);
}

announce("");
each("header.site", setUpTheme);
each("article[data-id]", (article) => {
  setUpAnchors(article);
  setUpQuoting(article);
});
each("section.curl", setUpCommands);
each("form.quote", setUpCheck);
each("form[role=search]", setUpSuggestions);
