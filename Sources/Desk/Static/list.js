// A list that follows events without moving under the hand: what is new waits behind a button.
const goneWords = "[data-gone-words]";
let pending = null;

/** Takes in a fresh copy of the list on the page; true when it may be put in at once. */
export function mergeList(shown, next) {
    const rows = [...shown.querySelectorAll("[data-row]")];
    const fresh = [...next.querySelectorAll("[data-row]")];
    // Nothing that could move.
    if (rows.length === 0 || (fresh.length === 0 && !shown.contains(document.activeElement))) return true;
    for (const count of next.querySelectorAll("[data-count]")) {
        document.getElementById(count.id)?.replaceWith(count.cloneNode(true));
    }
    const there = new Set(fresh.map((row) => row.dataset.row));
    const known = new Set(rows.map((row) => row.dataset.row));
    for (const row of rows) mark(row, !there.has(row.dataset.row));
    const news = fresh.slice(0, end(shown, fresh, known)).filter((row) => !known.has(row.dataset.row)).length;
    const button = shown.querySelector("[data-news]");
    const words = news ? `${news} new, show` : "";
    if (button.textContent !== words) button.textContent = words;
    button.hidden = !news;
    pending = next;
    return false;
}

/** Puts in what waits; the focus stays on its row. */
export function showNews() {
    const shown = document.querySelector('[data-live="list"]');
    if (!shown || !pending) return;
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
    shown.replaceWith(document.adoptNode(pending));
    const next = pending;
    pending = null;
    const target = focused && focused !== "news" ? document.getElementById(focused) : null;
    (target ?? next.querySelector("[data-row-link]"))?.focus();
}

export function followNews() {
    document.addEventListener("click", (event) => {
        if (event.target.closest("[data-news]")) showNews();
    });
}

// On a full page rows move up from the next one: those are not new.
function end(shown, fresh, known) {
    if (!shown.dataset.full) return fresh.length;
    return 1 + fresh.findLastIndex((row) => known.has(row.dataset.row));
}

function mark(row, isGone) {
    row.toggleAttribute("data-gone", isGone);
    row.querySelector(goneWords).hidden = !isGone;
    for (const button of row.querySelectorAll("button")) button.disabled = isGone;
}
