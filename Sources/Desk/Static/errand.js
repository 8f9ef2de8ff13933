// The errand on the page: its parts follow events one by one, so that what is being typed stays.
import { hasDraft } from "./editor.js";
import { say } from "./forms.js";
import { refreshMain } from "./panel.js";

const { csrf } = document.body.dataset;

export function followErrand() {
    document.addEventListener("submit", (event) => {
        if (!event.target.matches("[data-beside]")) return;
        event.preventDefault();
        if (event.target.dataset.sent) return;
        event.target.dataset.sent = "yes";
        send(event.target, event.submitter).finally(() => delete event.target.dataset.sent);
    });
    document.addEventListener("click", (event) => {
        const link = event.target.closest("[data-pictures]");
        if (!link) return;
        event.preventDefault();
        document.querySelector(`[data-frame="${link.dataset.pictures}"]`).src = link.href;
        link.closest("p").remove();
    });
}

/** Notes, tags, priority: sent beside the page. */
async function send(form, submitter) {
    try {
        const response = await fetch(form.action, {
            method: "POST",
            body: new URLSearchParams(new FormData(form, submitter)),
            headers: { "X-Requested-With": "desk", "X-CSRF-Token": csrf },
        });
        if (!response.ok) return say(await response.text());
        form.reset();
    } catch {
        return say("The server cannot be reached. Try again in a moment.");
    }
    await refreshMain();
}

/** Says who else has the errand open; an empty sentence says nothing. */
export function showCompany(sentence) {
    const line = document.querySelector("[data-company]");
    if (!line || line.textContent === sentence) return;
    line.textContent = sentence;
    line.hidden = sentence === "";
}

/** Puts in what changed of the errand, part by part. */
export function mergeErrand(shown, next, swap) {
    const find = (root, name) => root.querySelector(`[data-bit="${name}"]`);
    for (const name of ["head", "notes", "about", "move", "history"]) {
        keepState(find(shown, name), find(next, name));
        swap(find(shown, name), find(next, name));
    }
    // Letters never change: new ones are added, and no frame loads again.
    for (const letter of find(next, "letters").querySelectorAll("[data-letter]")) {
        if (!shown.querySelector(`[data-letter="${letter.dataset.letter}"]`)) {
            find(shown, "letters").append(document.adoptNode(letter));
        }
    }
    // Who else is here the stream alone tells: a page that was asked for earlier may come later.
    const isSame = next.dataset.version === shown.dataset.version;
    const form = shown.querySelector("form[data-draft]");
    const isWriting = form && (hasDraft(form) || form.contains(document.activeElement));
    // What was typed on an older page stays as it is: the server then says what changed.
    shown.querySelector("[data-changed]").hidden = isSame || !isWriting;
    if (isWriting || (isSame && form)) return;
    swap(find(shown, "work"), find(next, "work"));
    shown.dataset.version = next.dataset.version;
}

/** Takes along what an agent opened, chose or typed without sending it. */
function keepState(shown, next) {
    const open = shown.querySelectorAll("details");
    next.querySelectorAll("details").forEach((details, n) => (details.open = open[n]?.open ?? false));
    for (const field of shown.querySelectorAll("select[id], input[id]")) {
        const isUntouched = field.matches("select") ? !field.value : field.value === field.defaultValue;
        const same = isUntouched ? null : next.querySelector(`#${field.id}`);
        if (!same) continue;
        const isThere = !same.matches("select") || [...same.options].some((option) => option.value === field.value);
        if (isThere) same.value = field.value;
    }
}
