// The session: a page whose session has ended keeps what was typed on it and goes on after signing in again elsewhere.

const ACTIVE_EVERY_MILLISECONDS = 60000;
let onReturn = null;
let isSignedOut = false;
let activeAt = performance.now();

const token = () => document.querySelector("meta[name=csrf-token]");
const path = () => document.body.dataset.stream.replace(/stream$/, "session");

// What every script of the console sends its acts with. Resolves to the answer's JSON; throws an Error with the refusal's sentence.
export async function send(address, fields) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  body.set("csrf_token", token().content);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401) showSignedOut();
  if (!answer.ok) throw Object.assign(new Error(told.detail ?? "That did not work; look at the page before you try again."), { told, status: answer.status });
  return told;
}

// Whether there is a session; without one the page says so, and `then` runs once there is one again.
export async function checkSession(then) {
  const answer = await fetch(path(), { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer) return false;
  if (answer.status === 401) {
    onReturn = then ?? onReturn;
    showSignedOut();
    return false;
  }
  if (answer.ok) {
    isSignedOut = false;
    renewTokens((await answer.json()).token);
  }
  return answer.ok;
}

export function keepSession() {
  if (!document.body.dataset.stream) return;
  const dialog = document.getElementById("signed-out");
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, noteActivity, { passive: true });
  window.addEventListener("focus", comeBack);
}

// Whether the page knows that nobody would take what it sends.
export const mustSignIn = () => isSignedOut;

async function comeBack() {
  if (!isSignedOut || !(await checkSession())) return;
  document.getElementById("signed-out").close();
  onReturn?.();
  onReturn = null;
}

function noteActivity() {
  if (performance.now() - activeAt < ACTIVE_EVERY_MILLISECONDS) return;
  activeAt = performance.now();
  checkSession();
}

export function showSignedOut() {
  isSignedOut = true;
  const dialog = document.getElementById("signed-out");
  if (!dialog.open) dialog.showModal();
}

function renewTokens(fresh) {
  token().content = fresh;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
}
