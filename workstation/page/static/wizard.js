// The wizard goes from step to step without loading the page anew, so that a call on the telephone beside it goes on.

const SWAPPED = ["screen", "standing"];

export function watchWizard(document, onStep) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-swap]");
    if (!form) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    if (form.method === "post") go(form.action, { method: "POST", body: fields }, form);
    else go(`${form.action}?${fields}`);
  });
  document.addEventListener("change", ({ target }) => { target.form?.matches("[data-at-once]") && target.form.requestSubmit(); });
  window.addEventListener("popstate", () => go(location.href, {}, null, false));
  window.history.replaceState({}, "");

  async function go(address, options = {}, form = null, isNew = true) {
    const stop = form && work(form);
    const answer = await fetch(address, { ...options, headers: { Accept: "text/html" } }).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    stop?.();
    if (!page?.querySelector("[data-wizard]")) return location.assign(answer?.url ?? location.href);
    for (const id of SWAPPED) swap(page, id);
    keepTelephone(page);
    document.title = page.title;
    if (isNew && answer.url !== location.href) history.pushState({}, "", answer.url);
    onStep();
    document.getElementById("step-title")?.focus();
  }

  function swap(page, id) {
    const [here, there] = [document.getElementById(id), page.getElementById(id)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }

  // A telephone that is there stays as it is, whatever the step; one that is not comes with the step that has it.
  function keepTelephone(page) {
    const there = page.getElementById("beside");
    if (there && !document.getElementById("beside")) document.getElementById("stage").append(document.adoptNode(there));
  }
}

// While the centre is asked: the bar runs, the seconds are counted, and nothing can be pressed twice.
function work(form) {
  const [bar, seconds] = ["working", "seconds"].map((name) => form.querySelector(`[data-${name}]`));
  if (!bar) return null;
  const since = performance.now();
  bar.hidden = false;
  form.closest("[data-wizard]").setAttribute("aria-busy", "true");
  const counting = setInterval(() => { seconds.textContent = `${Math.round((performance.now() - since) / 1000)} s`; }, 250);
  return () => clearInterval(counting);
}
