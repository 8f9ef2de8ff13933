// Keeps the session while somebody is there, and says in time when it is about to end.
import { everyTick, now } from "./clock.js";
import { onRefreshed, refresh, sessionEnds } from "./panel.js";
import { storage } from "./storage.js";

const { base, csrf, agent } = document.body.dataset;
const tellEveryMs = 60_000;
const warnIdleMs = 120_000;
const warnOverMs = 600_000;

let toldAt = now();

// What one agent typed and left when the session ended is not for the next one at this browser.
if (storage.getItem("agent") !== agent) {
    for (const key of Object.keys(storage)) if (key.startsWith("draft ")) storage.removeItem(key);
    storage.setItem("agent", agent);
}

export function watchSession() {
    for (const kind of ["keydown", "pointerdown", "wheel"]) {
        addEventListener(kind, () => stay(tellEveryMs), { passive: true, capture: true });
    }
    document.querySelector("[data-stay]").addEventListener("click", () => stay(0));
    everyTick(warn);
    onRefreshed(() => warn(now()));
}

/** Tells the server that somebody is here, when it was told longer than `ms` ago. */
async function stay(ms) {
    if (now() - toldAt < ms) return;
    toldAt = now();
    try {
        await fetch(`${base}/stay`, {
            method: "POST",
            headers: { "X-Requested-With": "desk", "X-CSRF-Token": csrf },
        });
    } catch {
        return; // the panel finds out
    }
    refresh();
}

function warn(at) {
    const { idleUntil, overAt } = sessionEnds();
    const box = document.querySelector("[data-leaving]");
    const isIdle = idleUntil - at < warnIdleMs && idleUntil < overAt;
    const isOver = overAt - at < warnOverMs;
    const words = isIdle
        ? `Nobody has done anything here for a while. You will be signed out in ${left(idleUntil - at)}.`
        : isOver
            ? `Your session ends in ${left(overAt - at)}. Send what you are writing, then sign in again.`
            : "";
    box.querySelector("[data-stay]").hidden = !isIdle;
    const shown = box.querySelector("[data-leaving-words]");
    if (shown.textContent !== words) shown.textContent = words;
    box.hidden = !words;
}

// In steps: a reader of the page aloud should not count along.
function left(ms) {
    const seconds = Math.max(0, ms / 1000);
    if (seconds > 90) return `${Math.ceil(seconds / 60)} minutes`;
    return `${Math.ceil(seconds / 30) * 30} seconds`;
}
