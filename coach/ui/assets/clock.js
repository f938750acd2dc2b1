// The clock of a mock interview: counts on from what the server says, and goes on quietly past the time.

const clocks = new WeakMap();

const words = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function tick(clock) {
  const seconds = clock.base + (performance.now() - clock.from) / 1000;
  clock.shown.textContent = `${words(seconds)} of about ${clock.minutes} min`;
}

export default function ({ data, parentElement }) {
  const shown = parentElement.querySelector(".clock");
  if (!shown) return;
  let clock = clocks.get(shown);
  if (!clock) {
    clock = { shown };
    clock.timer = setInterval(() => (shown.isConnected ? tick(clock) : clearInterval(clock.timer)), 500);
    clocks.set(shown, clock);
  }
  Object.assign(clock, { base: data.seconds, minutes: data.minutes, from: performance.now() });
  tick(clock);
}
