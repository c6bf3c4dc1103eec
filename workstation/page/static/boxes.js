// The boxes of the confirmation ID: the server says of every block whether it fits; here they fill, and the focus moves on.

const watched = new WeakSet();

export function watchBoxes(document) {
  const form = document.querySelector("form[data-boxes]");
  if (!form || watched.has(form)) return;
  watched.add(form);
  const boxes = [...form.querySelectorAll("input[name=block]")];
  let asked = 0;

  form.addEventListener("input", ({ target }) => {
    const index = boxes.indexOf(target);
    if (index < 0) return;
    if (digits(target).length === Number(target.dataset.wanted) && target.selectionEnd === target.value.length) moveOn(index + 1);
    check();
  });
  form.addEventListener("keydown", ({ key, target }) => {
    const index = boxes.indexOf(target);
    if (key === "Backspace" && index > 0 && !target.value) boxes[index - 1].focus();
  });

  async function check() {
    const turn = (asked += 1);
    const sent = boxes.map((box) => box.value);
    const answer = await fetch(form.dataset.boxes, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    draw(await answer.json(), sent);
  }

  function draw({ boxes: told, complete }, sent) {
    const hasSpread = told.some(({ text }, index) => text !== digits({ value: sent[index] }) && text);
    told.forEach(({ text, standing, sentence }, index) => {
      const box = boxes[index];
      if (hasSpread && box.value === sent[index]) box.value = text;
      box.parentElement.dataset.standing = standing;
      box.setAttribute("aria-invalid", String(standing === "wrong"));
      box.parentElement.querySelector(".vh[id]").textContent = sentence;
    });
    if (hasSpread) moveOn(boxes.findIndex((box) => digits(box).length < Number(box.dataset.wanted)));
    say(told.filter(({ standing }) => standing === "wrong").map(({ sentence }) => [sentence, "bad"]), complete);
  }

  function say(wrong, complete) {
    const lines = complete ? [[complete, "good"]] : wrong;
    const list = form.querySelector("[data-told]");
    if (lines.map(([words]) => words).join() === [...list.children].map((each) => each.textContent).join()) return;
    list.replaceChildren(...lines.map(([words, kind]) => Object.assign(document.createElement("li"), { textContent: words, className: kind })));
  }

  function moveOn(index) {
    const next = boxes[index < 0 ? boxes.length - 1 : index];
    next?.focus();
    next?.select();
  }
}

const digits = ({ value }) => value.replaceAll(/\D/g, "");
