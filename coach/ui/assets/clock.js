// The clock of a mock interview: counts on from what the server says, and goes on quietly past the time. The
// server's disk has the time of the last key that was pressed; the browser keeps it to the second, so that a
// reload does not set the clock back.

const KEPT = "coach-clock";
const APART_MS = 200;
const clocks = new WeakMap();

const words = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function tick(clock) {
  const seconds = clock.base + (performance.now() - clock.from) / 1000;
  clock.shown.textContent = `${words(seconds)} of about ${clock.minutes} min`;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ slot: clock.slot, seconds }));
  } catch { /* no room or not allowed: the server's time has to do */ }
}

function keptFor(slot) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    return kept && kept.slot === slot ? kept : null;
  } catch { return null; }
}

export default function ({ data, parentElement, setStateValue }) {
  const shown = parentElement.querySelector(".clock");
  if (!shown) return;
  let clock = clocks.get(shown);
  let kept = null;
  if (!clock) {
    kept = keptFor(data.slot);
    clock = { shown };
    clock.timer = setInterval(() => (shown.isConnected ? tick(clock) : clearInterval(clock.timer)), 500);
    clocks.set(shown, clock);
  }
  const isBehind = kept && kept.seconds > data.seconds + 1;
  const base = isBehind ? kept.seconds : data.seconds;
  Object.assign(clock, { base, minutes: data.minutes, slot: data.slot, from: performance.now() });
  tick(clock);
  // Not in the turn in which the answer box may send what it kept: Streamlit would take both for the box's.
  if (isBehind) setTimeout(() => { if (shown.isConnected) setStateValue("kept", kept); }, APART_MS);
}
