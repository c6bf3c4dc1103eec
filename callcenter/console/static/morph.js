// Makes live markup look like its successor without replacing what stays: focus, selection, open menus and typed text survive.

const keyOf = (node) => node.dataset?.row ?? node.id ?? "";
const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
const OWNED_BY_READER = new Set(["open", "value", "checked"]);

export function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const keyed = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = old.firstChild;
  for (const node of wanted) {
    const kept = (keyOf(node) && keyed.get(keyOf(node))) || at;
    if (kept && isAlike(kept, node)) {
      if (kept === at) at = at.nextSibling;
      else old.insertBefore(kept, at);
      morph(kept, node);
    } else {
      if (node.dataset?.row) node.classList.add("arrived");
      old.insertBefore(node, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  for (const { name, value } of [...fresh.attributes]) {
    if (!isTyped(old, name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isTyped(old, name)) old.removeAttribute(name);
  }
  if (old.nodeName !== "TEXTAREA") morphChildren(old, fresh);
}

function isTyped(element, name) {
  if (!OWNED_BY_READER.has(name)) return false;
  return element.nodeName === "DETAILS" || (element.matches("input, select, textarea") && element.type !== "hidden");
}
