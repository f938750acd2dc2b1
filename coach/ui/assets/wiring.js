// What the report does when it is clicked: a quote marks its place, a button copies, rows stay open when the
// report is drawn anew, and on a narrow screen a new report comes into view. Whoever reads further down when a
// report takes the place of another stays at the heading they were at.

const OPEN = new Set();

function editorBox() {
  for (const host of document.querySelectorAll(".st-key-answer_box *")) {
    const box = (host.shadowRoot || host).querySelector?.("textarea");
    if (box) return box;
  }
  return null;
}

const isStacked = () => window.matchMedia("(max-width: 760px)").matches;

function lineOf(box, place) {
  const twin = document.createElement("div");
  const style = getComputedStyle(box);
  for (const name of ["font", "padding", "border", "lineHeight", "boxSizing", "letterSpacing"]) twin.style[name] = style[name];
  Object.assign(twin.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", width: `${box.offsetWidth}px` });
  twin.textContent = box.value.slice(0, place);
  document.body.append(twin);
  const height = twin.offsetHeight;
  twin.remove();
  return height;
}

function selectInEditor(quote) {
  const box = editorBox();
  const place = box ? box.value.indexOf(quote) : -1;
  if (place < 0) return false;
  box.focus({ preventScroll: true });
  box.setSelectionRange(place, place + quote.length);
  box.scrollTop = Math.max(0, lineOf(box, place) - box.clientHeight / 2);
  return true;
}

function markQuote(button) {
  const report = button.closest(".report");
  const [start, end] = [Number(button.dataset.start), Number(button.dataset.end)];
  report.querySelectorAll(".bit.marked").forEach((bit) => bit.classList.remove("marked"));
  const bits = [...report.querySelectorAll(".bit")].filter(
    (bit) => Number(bit.dataset.start) >= start && Number(bit.dataset.end) <= end,
  );
  bits.forEach((bit) => bit.classList.add("marked"));
  // Beside the report the answer box is in view and can be worked on; else the marked answer is shown.
  if (!isStacked() && selectInEditor(button.dataset.text)) return;
  bits[0]?.scrollIntoView({ behavior: "smooth", block: "center" });
  bits[0]?.closest(".part")?.focus({ preventScroll: true });
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
}

function onClick(event) {
  const quote = event.target.closest?.(".report .quote");
  if (quote) markQuote(quote);
  const copying = event.target.closest?.(".report [data-copy]");
  if (copying) copy(copying);
}

function onToggle(event) {
  const id = event.target.dataset?.remember;
  if (id) OPEN[event.target.open ? "add" : "delete"](id);
}

function reopen() {
  for (const row of document.querySelectorAll(".stApp [data-remember]")) {
    if (OPEN.has(row.dataset.remember)) row.open = true;
  }
}

function bringIntoView() {
  if (isStacked()) document.querySelector(".st-key-listener, .st-key-question_set")?.scrollIntoView({ behavior: "smooth", block: "start" });
}

// ---- the place on the page ---------------------------------------------------------------------

const HEADER = 70;
let place = null; // the heading that is read, and how far down the window its section begins
let watched = null;

const sections = () => [...document.querySelectorAll(".st-key-listener .report > section")];
const nameOf = (section) => section.querySelector("h2")?.textContent || section.className;

function note() {
  const [first, ...later] = sections();
  const isAtTop = !first || first.getBoundingClientRect().bottom > HEADER;
  const read = isAtTop ? null : later.find((section) => section.getBoundingClientRect().bottom > HEADER);
  place = read ? { name: nameOf(read), top: read.getBoundingClientRect().top } : null;
}

function hold() {
  reopen();
  const section = place && sections().find((each) => nameOf(each) === place.name);
  const moved = section ? section.getBoundingClientRect().top - place.top : 0;
  if (Math.abs(moved) > 1) document.querySelector(".stMain")?.scrollBy({ top: moved, behavior: "instant" });
}

const watcher = new MutationObserver(hold);

function watch() {
  const listener = document.querySelector(".st-key-listener");
  if (listener === watched) return;
  watcher.disconnect();
  watched = listener;
  if (listener) watcher.observe(listener, { childList: true, subtree: true });
}

let shown = null;

export default function ({ data, parentElement }) {
  document.addEventListener("click", onClick);
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("scroll", note, { capture: true, passive: true });
  watch();
  reopen();
  if (data.fresh && data.fresh !== shown) bringIntoView();
  shown = data.fresh;
  return () => {
    if (parentElement.isConnected) return;
    document.removeEventListener("click", onClick);
    document.removeEventListener("toggle", onToggle, true);
    document.removeEventListener("scroll", note, { capture: true });
  };
}
