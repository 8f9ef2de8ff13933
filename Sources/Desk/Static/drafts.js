// Keeps what is typed until it is sent: in this tab only, gone when it closes or the agent signs out.
const { base, errand } = document.body.dataset;
const key = `draft ${base} ${errand}`;
const sentKey = `sent ${base}`;
// Read at once: the address forgets it soon.
const said = new URLSearchParams(location.search).get("said");

/** What was typed for this errand: `{ body, html }`, or null. */
export function readDraft() {
    return JSON.parse(sessionStorage.getItem(key));
}

export function writeDraft(draft) {
    if (draft.body || draft.html) sessionStorage.setItem(key, JSON.stringify(draft));
    else sessionStorage.removeItem(key);
}

export function keepDrafts() {
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) sessionStorage.clear();
        else if (event.target.matches("[data-draft]")) sessionStorage.setItem(sentKey, key);
    });
    // A draft goes only when the server has said that it is not needed any more.
    if (said === "answered" || said === "closed") sessionStorage.removeItem(sessionStorage.getItem(sentKey));
}
