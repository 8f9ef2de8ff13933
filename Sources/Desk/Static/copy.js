// Copies what is shown once; where the browser has no clipboard (plain http), it is marked and copied as of old.
import { say } from "./forms.js";

export function followCopy() {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
    document.addEventListener("click", async (event) => {
        const button = event.target.closest("[data-copy]");
        if (!button) return;
        const source = document.getElementById(button.dataset.copy);
        say((await copied(source)) ? "Copied." : "Your browser does not let it be copied: it is marked, press Ctrl C.");
    });
    // The page is the answer to a form: a reload shows the list, it does not send the form again.
    if (document.querySelector("[data-minted]")) {
        history.replaceState(null, "", location.pathname.replace(/\/(keys|invite)$/, ""));
    }
}

async function copied(source) {
    try {
        await navigator.clipboard.writeText(source.textContent);
        return true;
    } catch {
        getSelection().selectAllChildren(source);
        return document.execCommand("copy");
    }
}
