// The server's time, whatever the browser's clock says, and the texts that depend on it.
let ahead = 0;
const watchers = [];

/** Takes the server's time, in milliseconds, as it was just now. */
export function setNow(ms) {
    if (ms > 0) ahead = ms - Date.now();
}

/** The server's time in milliseconds. */
export function now() {
    return Date.now() + ahead;
}

/** Calls back with the server's time, four times a second. */
export function everyTick(watcher) {
    watchers.push(watcher);
    watcher(now());
}

export function startClock() {
    everyTick(showLeft);
    everyTick(showTalks);
    setInterval(() => watchers.forEach((watcher) => watcher(now())), 250);
    showAges();
    setInterval(showAges, 10_000);
}

function showLeft(at) {
    for (const element of document.querySelectorAll("[data-left-until]")) {
        const left = Math.max(0, Math.ceil((Number(element.dataset.leftUntil) - at) / 1000));
        const text = left < 100 ? `${left} s` : `${Math.round(left / 60)} min`;
        if (element.textContent !== text) element.textContent = text;
    }
}

/** How long a conversation lasts, as a telephone shows it: `1:05`, `1:02:03`. */
function showTalks(at) {
    const two = (number) => String(number).padStart(2, "0");
    for (const element of document.querySelectorAll("[data-talk-since]")) {
        const seconds = Math.max(0, Math.floor((at - Number(element.dataset.talkSince)) / 1000));
        const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
        const text = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
        if (element.textContent !== text) element.textContent = text;
    }
}

function showAges() {
    const at = now();
    for (const element of document.querySelectorAll("[data-ago]")) {
        const ms = at - Number(element.dataset.ago);
        element.textContent = ms < 60_000 ? "just now" : `${span(ms)} ago`;
    }
    for (const element of document.querySelectorAll("[data-span]")) {
        element.textContent = span(at - Number(element.dataset.span));
    }
}

// As the server's pages say it.
function span(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
    return `${Math.floor(seconds / 86_400)} d`;
}
