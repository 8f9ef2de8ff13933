// Keeps what is typed until it is sent: in this tab only, gone when it closes or the agent signs out.
import { storage } from "./storage.js";

const { base, errand } = document.body.dataset;
const key = `draft ${base} ${errand}`;
const sentKey = `sent ${base}`;
// Read at once: the address forgets it soon.
const said = new URLSearchParams(location.search).get("said");

/** What was typed for this errand: `{ body, html }`, or null. */
export function readDraft() {
    return JSON.parse(storage.getItem(key));
}

export function writeDraft(draft) {
    if (draft.body || draft.html) storage.setItem(key, JSON.stringify(draft));
    else storage.removeItem(key);
}

export function keepDrafts() {
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) storage.clear();
        else if (event.target.matches("[data-draft]")) storage.setItem(sentKey, key);
    });
    // A draft goes only when the server has said that it is not needed any more.
    if (said === "answered" || said === "closed") storage.removeItem(storage.getItem(sentKey));
}
