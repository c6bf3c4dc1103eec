// The read-out helper: one block at a time, large, with a pointer that moves at the pace of somebody who types along.
// Without this script the blocks stand below one another and can be read and ticked all the same.

const SECONDS_PER_SYMBOL = { slow: 1.4, normal: 0.9, fast: 0.6 };

class Readout {
  constructor(root) {
    this.root = root;
    this.blocks = [...root.querySelectorAll("[data-block]")];
    this.status = root.querySelector("[data-readout-status]");
    this.pace = root.querySelector("[data-pace]");
    this.timer = 0;
    this.at = 0;
    root.classList.add("is-live");
    root.querySelector("[data-readout-controls]").hidden = false;
    for (const button of root.querySelectorAll("[data-readout-do]")) {
      button.addEventListener("click", () => this[button.dataset.readoutDo]());
    }
    for (const [number, block] of this.blocks.entries()) {
      block.addEventListener("click", (event) => event.target.closest("label") || this.show(number));
      block.querySelector("[data-heard]").addEventListener("change", () => this.tell());
    }
    root.addEventListener("keydown", (event) => this.press(event));
    this.pace.addEventListener("change", () => this.repeat());
    this.show(0, { quiet: true });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    const act = { ArrowRight: "next", ArrowLeft: "previous", Home: "again" }[event.key];
    if (!act) return;
    event.preventDefault();
    this[act]();
  }

  next() { this.show(Math.min(this.at + 1, this.blocks.length - 1)); }

  previous() { this.show(Math.max(this.at - 1, 0)); }

  repeat() { this.show(this.at); }

  again() {
    for (const block of this.blocks) block.querySelector("[data-heard]").checked = false;
    this.show(0);
  }

  confirm() {
    this.blocks[this.at].querySelector("[data-heard]").checked = true;
    const open = this.blocks.findIndex((block) => !block.querySelector("[data-heard]").checked);
    if (open < 0) return this.tell();
    const later = this.blocks.findIndex((block, number) => number > this.at && !block.querySelector("[data-heard]").checked);
    this.show(later < 0 ? open : later);
  }

  show(number, { quiet = false } = {}) {
    this.at = number;
    for (const [index, block] of this.blocks.entries()) {
      block.toggleAttribute("data-current", index === number);
      if (index === number) block.setAttribute("aria-current", "true"); else block.removeAttribute("aria-current");
    }
    this.tell();
    this.walk(quiet);
  }

  // The pointer goes from symbol to symbol and stops behind the last, until somebody asks for more.
  walk(quiet) {
    clearTimeout(this.timer);
    for (const symbol of this.root.querySelectorAll("[data-symbol].is-spoken")) symbol.classList.remove("is-spoken");
    if (quiet) return;
    const symbols = [...this.blocks[this.at].querySelectorAll("[data-symbol]")];
    const step = (index) => {
      symbols[index - 1]?.classList.remove("is-spoken");
      if (index >= symbols.length) return;
      symbols[index].classList.add("is-spoken");
      this.timer = setTimeout(step, SECONDS_PER_SYMBOL[this.pace.value] * 1000, index + 1);
    };
    step(0);
  }

  tell() {
    const heard = this.blocks.filter((block) => block.querySelector("[data-heard]").checked).length;
    const label = this.blocks[this.at].dataset.block;
    this.status.textContent = heard === this.blocks.length
      ? "The caller has every block."
      : `Block ${label}. The caller has ${heard} of ${this.blocks.length}.`;
  }
}

for (const root of document.querySelectorAll("[data-readout]")) new Readout(root);
