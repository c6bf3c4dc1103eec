// Times: running timers and moments in the reader's zone, by the server's clock and not the reader's.

let ahead = 0;
const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const today = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function serverTimeIs(moment) {
  ahead = Date.parse(moment) - Date.now();
}

function sinceWords(moment) {
  const seconds = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(moment)) / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return [hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`, seconds];
}

export function runTimers(root = document) {
  for (const timer of root.querySelectorAll("time.timer")) {
    const [told, seconds] = sinceWords(timer.dateTime);
    if (timer.textContent !== told) timer.textContent = told;
    const target = Number(timer.dataset.target ?? Infinity);
    timer.classList.toggle("late", seconds >= target);
    timer.classList.toggle("risk", seconds >= target * 0.75 && seconds < target);
  }
}

export function localMoments(root = document) {
  for (const time of root.querySelectorAll("time.when:not([data-local])")) {
    const moment = new Date(time.dateTime);
    const isToday = moment.toDateString() === new Date().toDateString();
    time.title = time.textContent;
    time.textContent = ("clock" in time.dataset ? seconds : isToday ? today : words).format(moment);
    time.dataset.local = "";
  }
}
