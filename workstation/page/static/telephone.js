// One click calls the number on the screen with the telephone beside it.

export function watchTelephone(document) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dial]");
    const telephone = document.querySelector("[data-phone-frame]")?.contentDocument?.querySelector("[data-phone]");
    if (!button || !telephone) return;
    event.preventDefault();
    telephone.dispatchEvent(new CustomEvent("phone:do", { detail: { what: "dial", to: button.dataset.dial } }));
    document.getElementById("beside").scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
}
