// Files of a question in the library: sent one by one as they are chosen, then the page shows them.
import { signInAgain } from "./away.js";
import { say } from "./forms.js";

const { csrf } = document.body.dataset;

export function followLibrary() {
    document.addEventListener("change", async (event) => {
        const input = event.target;
        if (!input.matches("[data-library-files]")) return;
        input.disabled = true;
        for (const file of input.files) {
            if (!(await send(input.dataset, file))) return void (input.disabled = false);
        }
        location.reload();
    });
}

async function send({ action, fileMax }, file) {
    if (file.size > Number(fileMax)) {
        say(`${file.name} is larger than ${Math.floor(fileMax / 1_048_576)} MiB; send a smaller one.`);
        return false;
    }
    try {
        const response = await fetch(`${action}?name=${encodeURIComponent(file.name)}`, {
            method: "POST", body: file,
            headers: {
                "X-Requested-With": "desk", "X-CSRF-Token": csrf,
                "Content-Type": file.type || "application/octet-stream",
            },
        });
        if (response.status === 401) signInAgain();
        else if (!response.ok) say(`${file.name}: ${await response.text()}`);
        return response.ok;
    } catch {
        say(`${file.name} could not be sent. Try again in a moment.`);
        return false;
    }
}
