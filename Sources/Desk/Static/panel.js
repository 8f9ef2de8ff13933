// Fetches the parts that follow events and puts in what changed, a few times a second at most.
import { signInAgain } from "./away.js";
import { setNow } from "./clock.js";
import { mergeErrand } from "./errand.js";
import { mergeList } from "./list.js";

const gapMs = 250;
const retryMs = 3_000;
const { base, errand } = document.body.dataset;
const headers = { "X-Requested-With": "desk" };
const listeners = [];

let timer;
let dueAt = Infinity;
let lastAt = 0;
let running = null;

/** Calls back after every refresh of any part. */
export function onRefreshed(listener) {
    listeners.push(listener);
}

/** Refreshes within `ms`; many calls make one refresh. */
export function refreshSoon(ms) {
    const at = Math.max(performance.now() + ms, lastAt + gapMs);
    if (at >= dueAt) return;
    dueAt = at;
    clearTimeout(timer);
    timer = setTimeout(refresh, at - performance.now());
}

/** Fetches now; what came meanwhile is fetched once more. */
export async function refresh() {
    clearTimeout(timer);
    dueAt = Infinity;
    if (running) {
        await running;
        return refreshSoon(0);
    }
    running = fetchParts();
    const isFresh = await running;
    running = null;
    lastAt = performance.now();
    if (!isFresh) refreshSoon(retryMs);
}

async function fetchParts() {
    const fresh = await fetched(`${base}/panel${errand ? `?errand=${errand}` : ""}`);
    if (!fresh) return false;
    const { now, idleUntil, overAt } = fresh.querySelector("[data-panel]").dataset;
    setNow(Number(now));
    Object.assign(document.body.dataset, { idleUntil, overAt });
    for (const part of fresh.querySelectorAll("[data-part]")) {
        const shown = document.querySelector(`[data-part="${part.dataset.part}"]`);
        if (shown) swap(shown, part);
    }
    listeners.forEach((listener) => listener());
    return true;
}

/** Fetches the errand or the list on the page anew. */
export async function refreshMain() {
    const shown = document.querySelector("[data-live]");
    if (!shown) return;
    const fresh = await fetched(errand ? `${base}/errands/${errand}` : location.href);
    const next = fresh?.querySelector("[data-live]");
    if (!next) return;
    if (shown.dataset.live === "list" && !mergeList(shown, next)) return;
    if (shown.dataset.live === "errand") mergeErrand(shown, next, swap);
    else swap(shown, next);
    listeners.forEach((listener) => listener());
}

/** When the session ends, as the server said last: without anybody doing anything, and in any case. */
export function sessionEnds() {
    const { idleUntil, overAt } = document.body.dataset;
    return { idleUntil: Number(idleUntil), overAt: Number(overAt) };
}

async function fetched(address) {
    try {
        const response = await fetch(address, { headers, cache: "no-store" });
        if (response.status === 401) signInAgain();
        if (!response.ok) return null;
        return new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
        return null;
    }
}

/** Replaces an element when it differs; the focus stays where it was. */
function swap(shown, next) {
    if (shown.isEqualNode(next)) return;
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
    shown.replaceWith(document.adoptNode(next));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
