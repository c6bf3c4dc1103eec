// The desk around the pad: panels as tabs, forms whose refusals appear beside them, and text that is not lost unnoticed.
// Nothing typed is kept in the browser's storage: notes may hold what a caller said.

const SAID = "console.said";

function openPanel(tabs, id) {
  const panels = [...tabs.querySelectorAll("[data-panel]")];
  const wanted = panels.find((panel) => panel.id === id) ?? panels.find((panel) => panel.id === tabs.dataset.first) ?? panels[0];
  for (const panel of panels) panel.hidden = panel !== wanted;
  for (const link of tabs.querySelectorAll("[data-tab]")) {
    if (link.hash === `#${wanted.id}`) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
}

function makeTabs(tabs) {
  tabs.classList.add("is-live");
  const fromAddress = () => openPanel(tabs, location.hash.slice(1));
  for (const link of tabs.querySelectorAll("[data-tab]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      fromAddress();
    });
  }
  addEventListener("hashchange", fromAddress);
  fromAddress();
}

async function post(form, submitter) {
  const body = new FormData(form, submitter);
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  try {
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await response.json();
    return response.ok ? { told } : { refusal: told.detail };
  } catch {
    return { refusal: "The server cannot be reached. Nothing was sent; what you typed is still here." };
  }
}

function refuse(form, sentence) {
  const answer = form.querySelector("[data-answer]");
  answer.textContent = sentence;
  answer.hidden = false;
  answer.focus();
}

// A refusal is said inside the form, and everything typed stays; a success goes where the server says.
async function submitInPlace(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = event.submitter;
  const sending = post(form, button); // first: a disabled button would not be sent with its form
  if (button) button.disabled = true;
  const { told, refusal } = await sending;
  if (button) button.disabled = false;
  if (refusal) return refuse(form, refusal);
  form.removeAttribute("data-changed");
  return leaveFor(told);
}

function leaveFor({ to, sentence }) {
  sessionStorage.setItem(SAID, sentence);
  const target = new URL(to, location.href);
  if (target.pathname !== location.pathname) return location.assign(target);
  history.replaceState(null, "", target);
  return location.reload();
}

function say(sentence, kind) {
  const told = document.createElement("p");
  told.className = `flash ${kind}`;
  told.textContent = sentence;
  document.getElementById("notices").replaceChildren(told);
}

// What the server said to a form that was sent by script, once the page it led to is there.
function sayWhatWasSaid() {
  const sentence = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
  if (sentence) say(sentence, "good");
}

// The acts on the call leave the page as it is, with whatever is half typed on it: its live part shows what they changed.
async function actOnCall(event) {
  const form = event.target;
  if (!form.closest(".call-bar")) return;
  event.preventDefault();
  const { told, refusal } = await post(form, event.submitter);
  if (refusal) return say(refusal, "bad");
  say(told.sentence, "good");
  const { hash } = new URL(told.to, location.href);
  if (hash) location.hash = hash;
}

// Answers of the guided questions go to the server one by one.
async function sendAnswers(event) {
  const form = event.currentTarget;
  const { refusal } = await post(form);
  if (refusal) return refuse(form, refusal);
  form.querySelector("[data-answer]").hidden = true;
  form.querySelector("[data-kept]").textContent = "Kept.";
  return null;
}

// Some parts of a form make sense for some choices only: data-when is JSON, from a field's name to the values that fit.
function showWhatApplies(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const given = new FormData(form);
    const applies = Object.entries(JSON.parse(part.dataset.when)).every(([name, fitting]) => fitting.includes(given.get(name)));
    part.hidden = !applies;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !applies;
  }
}

for (const tabs of document.querySelectorAll("[data-tabs]")) makeTabs(tabs);
for (const form of document.querySelectorAll("form:has([data-when])")) {
  form.addEventListener("change", () => showWhatApplies(form));
  showWhatApplies(form);
}
for (const form of document.querySelectorAll("form[data-inline]")) form.addEventListener("submit", submitInPlace);
for (const form of document.querySelectorAll("form[data-autosend]")) form.addEventListener("change", sendAnswers);
for (const form of document.querySelectorAll("form[data-warn]")) {
  form.addEventListener("input", () => form.setAttribute("data-changed", ""));
  form.addEventListener("submit", () => form.hasAttribute("data-inline") || form.removeAttribute("data-changed"));
}
document.addEventListener("submit", actOnCall);
addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-changed]")) event.preventDefault(); });
sayWhatWasSaid();

// The live part changes by itself; what stands below it is as old as the page, and says so where that matters.
const live = document.getElementById("live-desk");
if (live) {
  new MutationObserver(() => {
    for (const link of live.querySelectorAll("[data-fresh]")) link.hidden = false;
  }).observe(live, { childList: true, subtree: true });
}
