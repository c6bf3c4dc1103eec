// The telephone beside the wizard: one click calls the number on the screen, and text messages are shown on the page as well.

export function watchTelephone(document) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dial]");
    const telephone = button && telephoneOf(document);
    if (!telephone) return;
    event.preventDefault();
    if (say(document, telephone.dataset.phase)) return;
    telephone.dispatchEvent(new CustomEvent("phone:do", { detail: { what: "dial", to: button.dataset.dial } }));
    document.getElementById("beside").scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
  // A frame's load does not bubble, but it can be caught on its way down.
  document.addEventListener("load", ({ target }) => { if (target.matches?.("[data-phone-frame]")) watchTexts(document); }, true);
  watchTexts(document);
}

// Why the telephone cannot call just now; nothing where it can.
function say(document, phase) {
  const told = document.querySelector("[data-dial-told]");
  told.textContent = { ready: "", offline: told.dataset.offline }[phase] ?? told.dataset.busy;
  return told.textContent;
}

// What the line sends by text message, to be read and copied beside the boxes.
function watchTexts(document) {
  const sent = telephoneOf(document)?.querySelector("[data-part=texts]");
  if (!sent || sent.dataset.watched) return;
  sent.dataset.watched = "";
  const draw = () => {
    const shown = document.querySelector("[data-texts]");
    shown.hidden = !sent.childElementCount;
    shown.querySelector("ol").replaceChildren(...[...sent.children].map((each) => document.importNode(each, true)));
  };
  new MutationObserver(draw).observe(sent, { childList: true });
  draw();
}

const telephoneOf = (document) => document.querySelector("[data-phone-frame]")?.contentDocument?.querySelector("[data-phone]");
