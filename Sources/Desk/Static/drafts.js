// Keeps what is typed until it is sent: in this tab only, gone when it closes or the agent signs out.
import { storage } from "./storage.js";

const { base, csrf, errand } = document.body.dataset;
const key = `draft ${base} ${errand}`;
const sentKey = `sent ${base}`;
// The server believes a page that says nothing more for ten minutes.
const repeatMs = 4 * 60_000;
let told = false;
// Read at once: the address forgets it soon.
const said = new URLSearchParams(location.search).get("said");

/** What was typed for this errand: `{ body, html }`, or null. */
export function readDraft() {
    return JSON.parse(storage.getItem(key));
}

export function writeDraft(draft) {
    const has = Boolean(draft.body || draft.html);
    if (has) storage.setItem(key, JSON.stringify(draft));
    else storage.removeItem(key);
    if (has !== told) tell(has);
}

/** Says that an answer is being written, for other systems: never the text. */
async function tell(has) {
    told = has;
    try {
        const response = await fetch(`${base}/errands/${errand}/draft`, {
            method: "POST",
            body: new URLSearchParams({ has: has ? "1" : "0" }),
            headers: { "X-Requested-With": "desk", "X-CSRF-Token": csrf },
        });
        if (!response.ok) told = !has;
    } catch {
        told = !has; // the next letter tries again
    }
}

export function keepDrafts() {
    setInterval(() => told && document.querySelector("[data-draft]") && tell(true), repeatMs);
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) storage.clear();
        else if (event.target.matches("[data-draft]")) storage.setItem(sentKey, key);
    });
    // A draft goes only when the server has said that it is not needed any more.
    if (said === "answered" || said === "closed") storage.removeItem(storage.getItem(sentKey));
}
