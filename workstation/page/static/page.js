// What makes the page pleasant; without it everything works by forms and links.

import { watchBoxes } from "./boxes.js";
import { watchTelephone } from "./telephone.js";
import { watchWizard } from "./wizard.js";

document.documentElement.classList.add("scripted");
watchWizard(document, () => watchBoxes(document));
watchBoxes(document);
watchTelephone(document);

// Whoever touches what belongs to a choice has chosen it.
document.addEventListener("input", ({ target }) => {
  const choice = target.closest(".kind")?.querySelector("input[type=radio]");
  if (choice && choice !== target) choice.checked = true;
});
