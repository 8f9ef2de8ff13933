// Keeps what is typed until it is sent: in this tab only, gone when it closes or the agent signs out.
import { target } from "./forms.js";
import { onRefreshed } from "./panel.js";

const { base, errand } = document.body.dataset;
const key = `draft ${base} ${errand}`;

export function keepDrafts() {
    document.addEventListener("input", (event) => {
        if (event.target.closest("[data-draft]")) sessionStorage.setItem(key, event.target.value);
    });
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) sessionStorage.clear();
        // A refused answer comes back with its text, so nothing is lost here.
        const isOver = /\/(answer|close)$/.test(target(event.target, event.submitter));
        if (event.target.matches("[data-draft]") && isOver) sessionStorage.removeItem(key);
    });
    restoreDraft();
    onRefreshed(restoreDraft);
}

/** Puts a kept text into an empty box. */
function restoreDraft() {
    const box = document.querySelector("[data-draft] textarea");
    if (!box || box.form.dataset.sent) return;
    if (box.value) sessionStorage.setItem(key, box.value);
    else box.value = sessionStorage.getItem(key) ?? "";
}
