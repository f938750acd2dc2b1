// Streamlit's own text boxes tell nothing until they are left. What is typed in those named here is kept in the
// browser until the server has it, and put back when the page is loaded anew before that.

const NAME = "coach-typed:";
const TRIES = 100; // times 100 ms for a box to be drawn
const APART_MS = 60;

let boxes = {}; // by key: the text that the server has, the one it took last, and a button that Enter presses

const keyOf = (element) => Object.keys(boxes).find((key) => element.closest?.(`.st-key-${key}`));
const boxOf = (key) => document.querySelector(`.st-key-${key} :is(textarea, input[type="text"])`);

function kept(key) {
  try { return JSON.parse(localStorage.getItem(NAME + key)); } catch { return null; }
}

function forget(key) {
  try { localStorage.removeItem(NAME + key); } catch { /* nothing was kept */ }
}

function onInput(event) {
  const key = keyOf(event.target);
  if (!key || event.target.type === "file") return;
  const copy = { text: event.target.value, before: boxes[key].text };
  try { localStorage.setItem(NAME + key, JSON.stringify(copy)); } catch { /* no room or not allowed */ }
}

// Streamlit sends the text for Enter in this turn, and the press of the button has to be in one of its own.
function onKey(event) {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
  const press = boxes[keyOf(event.target)]?.press;
  if (press) setTimeout(() => document.querySelector(press)?.click(), APART_MS);
}

// As if it were typed and the box left. A text that the server got elsewhere since is not written over.
function putBack(key, tries = TRIES) {
  const copy = kept(key);
  if (!copy || !boxes[key] || copy.text === boxes[key].text) return;
  const box = boxOf(key);
  if (!box) {
    if (tries > 0) setTimeout(() => putBack(key, tries - 1), 100);
    return;
  }
  const has = boxes[key].text;
  if (box.value !== has || document.activeElement === box) return;
  if (has !== copy.before && !copy.text.startsWith(has)) {
    forget(key);
    return;
  }
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, copy.text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

const begun = new WeakSet();

export default function ({ data, parentElement }) {
  boxes = data.boxes;
  document.addEventListener("input", onInput, true);
  document.addEventListener("keydown", onKey);
  for (const [key, { text, taken }] of Object.entries(boxes)) {
    const copy = kept(key);
    if (copy && (copy.text === text || copy.text === taken)) forget(key);
    else if (!begun.has(parentElement)) putBack(key);
  }
  begun.add(parentElement);
  return () => {
    if (parentElement.isConnected) return;
    document.removeEventListener("input", onInput, true);
    document.removeEventListener("keydown", onKey);
  };
}
