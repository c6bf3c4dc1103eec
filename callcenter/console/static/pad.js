// The digit pad: typed or pasted digits find their groups, each is judged by the server as soon as it is complete.
// Without this script the fields are a plain form and the server's verdicts come with the next page.

const digitsOf = (text) => text.replace(/\D/g, "");

class Pad {
  constructor(form) {
    this.form = form;
    this.fields = [...form.querySelectorAll("[data-group]")];
    this.whole = form.querySelector("[data-whole]");
    this.asked = new Map();
    for (const field of this.fields) {
      field.addEventListener("input", () => this.typed(field));
      field.addEventListener("paste", (event) => this.paste(event, field));
      field.addEventListener("keydown", (event) => this.press(event, field));
    }
    for (const button of document.querySelectorAll("[data-jump]")) {
      button.addEventListener("click", () => this.fields[Number(button.dataset.jump) - 1]?.focus());
    }
  }

  length(field) { return Number(field.dataset.length); }

  typed(field) {
    const digits = digitsOf(field.value);
    if (digits.length > this.length(field)) return this.distribute(digits, field);
    if (digits !== field.value) field.value = digits;
    this.mark(field, "", "");
    if (digits.length === this.length(field)) {
      this.ask([field]);
      this.advance(field);
    }
  }

  paste(event, field) {
    const digits = digitsOf(event.clipboardData.getData("text"));
    if (!digits) return;
    event.preventDefault();
    this.distribute(digits, field);
  }

  // A whole installation ID begins at group 1 wherever it is pasted; a part begins where it is pasted.
  distribute(digits, field) {
    const total = this.fields.reduce((sum, each) => sum + this.length(each), 0);
    let rest = digits;
    let at = digits.length >= total ? 0 : this.fields.indexOf(field);
    const filled = [];
    for (; rest && at < this.fields.length; at += 1) {
      const target = this.fields[at];
      target.value = rest.slice(0, this.length(target));
      rest = rest.slice(this.length(target));
      if (target.value.length === this.length(target)) filled.push(target);
      target.focus();
    }
    if (rest) this.say(`${rest.length} more digits than there is room for were left out.`);
    if (filled.length) this.ask(filled);
  }

  press(event, field) {
    const before = this.fields[this.fields.indexOf(field) - 1];
    const after = this.fields[this.fields.indexOf(field) + 1];
    const atStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const atEnd = field.selectionStart === field.value.length;
    const target = (event.key === "Backspace" && !field.value) || (event.key === "ArrowLeft" && atStart) ? before
      : event.key === "ArrowRight" && atEnd ? after : null;
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    target.focus();
    target.select();
  }

  advance(field) {
    const open = this.fields.slice(this.fields.indexOf(field) + 1).find((each) => !this.isThere(each));
    (open ?? this.form.querySelector("[data-after-pad]"))?.focus();
  }

  isThere(field) { return field.value !== "" || field.closest("li").dataset.verdict === "accepted"; }

  async ask(fields) {
    const body = new FormData();
    body.set("csrf_token", this.form.elements.csrf_token.value);
    for (const field of fields) {
      body.set(field.name, field.value);
      this.asked.set(field, field.value);
      this.mark(field, "checking", "checking…");
    }
    const answer = await this.post(body);
    if (!answer) return;
    for (const verdict of answer.groups) this.judge(verdict);
    this.say(answer.whole.sentence, answer.whole.verdict);
    document.dispatchEvent(new CustomEvent("console:refresh"));
  }

  async post(body) {
    try {
      const response = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (response.ok) return answer;
      this.say(answer.detail, "failed");
    } catch {
      this.say("The server cannot be reached. The digits stay here; press Keep these groups to try again.", "failed");
    }
    return null;
  }

  // A verdict on digits that have been changed since is no longer a verdict on this field.
  judge({ number, verdict, sentence }) {
    const field = this.fields[number - 1];
    if (this.asked.get(field) !== field.value) return;
    this.mark(field, verdict, sentence);
    if (verdict === "failed") { field.focus(); field.select(); }
  }

  mark(field, verdict, sentence) {
    const item = field.closest("li");
    item.dataset.verdict = verdict;
    item.querySelector("[data-verdict-text]").textContent = sentence;
    field.setAttribute("aria-invalid", String(verdict === "failed"));
  }

  say(sentence, verdict = "") {
    this.whole.textContent = sentence;
    this.whole.dataset.verdict = verdict;
  }
}

for (const form of document.querySelectorAll("[data-pad]")) new Pad(form);
