// Forms: quiet ones are sent beside the page, no form is sent twice.
import { signInAgain } from "./away.js";
import { refresh } from "./panel.js";

const { csrf } = document.body.dataset;
const toastMs = 8_000;
let toastTimer;

export function followForms() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (event.defaultPrevented || form.method !== "post") return;
        if (form.dataset.sent) return event.preventDefault();
        if (form.dataset.sure && !isSure(form)) return event.preventDefault();
        form.dataset.sent = "yes";
        if (!form.matches("[data-quiet]")) return;
        event.preventDefault();
        send(form, event.submitter).finally(() => delete form.dataset.sent);
    });
    // A page from the browser's back store is as it was left: its forms may be sent again.
    addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    });
}

/** Browsers ask nothing for a frame of another site's page: there a second press is the answer. */
function isSure(form) {
    if (window.parent === window) return confirm(form.dataset.sure);
    if (form.dataset.asked) return true;
    form.dataset.asked = "yes";
    say(`${form.dataset.sure} Press once more to go on.`);
    return false;
}

/** Where a form goes; the property `formAction` is the page's address when the button names none. */
export function target(form, submitter) {
    return submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
}

async function send(form, submitter) {
    try {
        const response = await fetch(target(form, submitter), {
            method: "POST",
            body: new URLSearchParams(new FormData(form, submitter)),
            headers: { "X-Requested-With": "desk", "X-CSRF-Token": csrf },
        });
        if (response.status === 401) return signInAgain();
        if (!response.ok) say(await response.text());
    } catch {
        say("The server cannot be reached. Try again in a moment.");
    }
    await refresh();
}

/** Shows a sentence for a while. */
export function say(sentence) {
    const toast = document.querySelector("[data-toast]");
    toast.textContent = sentence;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => (toast.hidden = true), toastMs);
}
