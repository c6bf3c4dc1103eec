// Keys: every element with data-key is reached by it; the list behind "?" is made from the same attributes.

const isField = (element) => element?.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
const pressable = () => [...document.querySelectorAll("[data-key]")].filter(shown);
const CHORD_MILLISECONDS = 1200;
let begun = "";
let beganAt = 0;

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") return escape(event);
    if (isField(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    press(event);
  });
  for (const opener of document.querySelectorAll("[data-help]")) {
    opener.addEventListener("click", (event) => { event.preventDefault(); closeMenus(); listKeys(); });
  }
  document.addEventListener("click", (event) => closeMenus(event.target));
}

function press(event) {
  const typed = performance.now() - beganAt < CHORD_MILLISECONDS && begun ? `${begun} ${event.key}` : event.key;
  begun = "";
  if (typed === "?") return stop(event, listKeys);
  const target = pressable().find((element) => element.dataset.key === typed);
  if (target) return stop(event, () => target.matches("input, textarea, select") ? target.focus() : target.click());
  if (pressable().some((element) => element.dataset.key.startsWith(`${event.key} `))) [begun, beganAt] = [event.key, performance.now()];
}

function stop(event, work) {
  event.preventDefault();
  work();
}

function escape(event) {
  const open = event.target.closest?.("details.menu[open], details.popover[open]");
  closeMenus();
  if (open) open.querySelector("summary").focus();
  else if (isField(event.target)) event.target.blur();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open], details.popover[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function listKeys() {
  const dialog = document.getElementById("keys");
  const rows = new Map(pressable().map((element) => [element.dataset.key, element.dataset.does ?? element.textContent.trim()]));
  rows.set("?", "Show this list");
  dialog.querySelector("dl").replaceChildren(...[...rows].flatMap(([key, does]) => [term(key), description(does)]));
  dialog.showModal();
}

function term(key) {
  const element = document.createElement("dt");
  for (const part of key.split(" ")) element.append(Object.assign(document.createElement("kbd"), { textContent: part }), " ");
  return element;
}

const description = (words) => Object.assign(document.createElement("dd"), { textContent: words });
