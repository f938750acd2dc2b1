// The answer box: counts while you type, sends each change when you pause, and keeps a copy in the browser
// until the server has written it to its disk. The server replaces the text only by a new `revision`.

const QUIET_MS = 400;
const APART_MS = 30;
const WORDS_PER_MINUTE = 150;
const MOST_CHARACTERS = 20000;

function describe(text) {
  const words = (text.match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu) || []).length;
  if (text.length > MOST_CHARACTERS) {
    return { words, line: `${text.length.toLocaleString("en")} characters, at most 20,000 can be read`, over: true };
  }
  if (words === 0) return { words, line: "120 to 300 words make one to two minutes", over: false };
  const seconds = Math.round((words / WORDS_PER_MINUTE) * 60);
  const time = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return { words, line: `${words} ${words === 1 ? "word" : "words"} · about ${time} spoken`, over: false };
}

class Editor {
  constructor(root) {
    this.box = root.querySelector("textarea");
    this.count = root.querySelector(".count");
    this.state = root.querySelector(".state");
    this.hint = root.querySelector("#hint");
    this.number = 0; // of the newest change that was typed here
    this.posted = 0;
    this.postedAt = -Infinity;
    this.timer = null;
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("blur", () => this.post());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.leaving = () => this.post();
    this.pressing = (event) => this.press(event);
    window.addEventListener("pagehide", this.leaving);
    document.addEventListener("click", this.pressing, true);
  }

  update(data, send) {
    const first = this.data === undefined;
    const before = this.data;
    this.send = send;
    if (first || data.revision !== before.revision) this.replace(before, data);
    else this.data = data;
    if (this.data.stored >= this.number && this.data.keep) this.forget(this.data.slot);
    const isNext = !first && data.follow && data.slot !== before.slot;
    if ((first || isNext) && window.matchMedia("(pointer: fine)").matches) this.focus();
    this.show();
  }

  replace(before, data) {
    const isNewer = before && this.number > data.seen;
    if (isNewer && (before.slot === data.slot || this.box.value.startsWith(data.text))) {
      // Typed after the server had made up its mind, or while it was away: nothing of what it sent is lost.
      this.data = data;
      this.post(true);
      return;
    }
    if (before) this.post();
    this.data = data;
    const kept = before && before.slot === data.slot ? null : this.kept(data);
    this.base = kept?.base;
    this.box.value = kept ? kept.text : data.text;
    this.number = kept ? kept.number : 0;
    this.posted = 0;
    if (kept) this.post(true);
    this.base = undefined;
    this.fit();
  }

  typed() {
    // Never behind what the server knows, even where the two clocks differ.
    this.number = Math.max(Date.now(), this.number + 1, this.data.seen + 1, this.data.stored + 1);
    this.keep();
    this.show();
    this.fit();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.post(), QUIET_MS);
  }

  post(again = false) {
    clearTimeout(this.timer);
    if (!this.data || (!again && this.posted >= this.number)) return;
    this.posted = this.number;
    this.postedAt = performance.now();
    this.send("typed", { text: this.box.value, number: this.number, slot: this.data.slot, base: this.base });
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    document.querySelector(this.data.submit)?.click();
  }

  // Streamlit takes what happens in one turn for a change of this box alone, and a button pressed in that turn
  // would be lost: on a phone, leaving the box and pressing a button are one turn. A link to another page in
  // that turn leads to an empty page: the box's change comes second and ends the page's run.
  press(event) {
    const pressed = event.target.closest?.("button, a[href]");
    if (!pressed?.closest(".stApp") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.post();
    if (performance.now() - this.postedAt > APART_MS) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    setTimeout(() => pressed.click(), APART_MS);
  }

  // ---- the browser's own copy ------------------------------------------------------------------

  keep() {
    if (!this.data.keep) return;
    try {
      const copy = { text: this.box.value, number: this.number, base: this.data.base };
      localStorage.setItem(`coach-draft:${this.data.slot}`, JSON.stringify(copy));
    } catch { /* no room or not allowed: the server's copy has to do */ }
  }

  kept(data) {
    try {
      const kept = data.keep && JSON.parse(localStorage.getItem(`coach-draft:${data.slot}`));
      return kept && kept.number > data.stored ? kept : null;
    } catch { return null; }
  }

  forget(slot) {
    try { localStorage.removeItem(`coach-draft:${slot}`); } catch { /* nothing was kept */ }
  }

  // ---- what is seen ------------------------------------------------------------------------------

  show() {
    const { words, line, over } = describe(this.box.value);
    this.box.setAttribute("aria-label", this.data.label);
    this.box.placeholder = this.data.placeholder;
    this.hint.textContent = this.data.hint;
    this.count.textContent = line;
    this.count.classList.toggle("over", over);
    const edited = this.data.asked !== null && this.data.asked !== this.box.value;
    const saved = this.data.keep && this.data.stored >= this.number;
    const lines = [];
    if (this.data.failing) lines.push("Kept in this browser only");
    else if (words > 0 && saved) lines.push("Draft saved");
    if (edited) lines.push(lines.length ? "edited since this feedback" : "Edited since this feedback");
    this.state.textContent = lines.join(" · ");
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  focus() {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  // What was not sent by now stays in the browser's copy: sent from another page it would end its run.
  close() {
    clearTimeout(this.timer);
    window.removeEventListener("pagehide", this.leaving);
    document.removeEventListener("click", this.pressing, true);
  }
}

const editors = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const box = parentElement.querySelector("textarea");
  if (!box) return;
  let editor = editors.get(box);
  if (!editor) editors.set(box, (editor = new Editor(parentElement)));
  editor.update(data, setStateValue);
  return () => { if (!box.isConnected) editor.close(); };
}
