// Files of an answer: sent one by one as they are chosen, dropped or pasted, listed in its form.
import { say } from "./forms.js";

const { base, errand, csrf } = document.body.dataset;
const headers = { "X-Requested-With": "desk", "X-CSRF-Token": csrf };
const goneMs = 10_000;

let waiting = 0;
let last = Promise.resolve();

export function followFiles() {
    document.addEventListener("change", (event) => {
        if (!event.target.matches("[data-files]")) return;
        attach(event.target.form, [...event.target.files]);
        event.target.value = "";
    });
    document.addEventListener("click", (event) => {
        const line = event.target.closest("[data-remove-upload]")?.closest("[data-upload]");
        if (line) remove(line);
    });
    document.addEventListener("dragover", (event) => {
        if (formOf(event) && event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    document.addEventListener("drop", (event) => {
        const form = formOf(event);
        if (!form || !event.dataTransfer.files.length) return;
        event.preventDefault();
        attach(form, [...event.dataTransfer.files]);
    });
    document.addEventListener("submit", (event) => {
        if (!event.target.matches("[data-draft]") || waiting === 0) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        say("Files are still on their way. Send the answer when they are there.");
    });
}

function formOf(event) {
    return event.target.closest?.("form[data-draft]");
}

/** Sends files to stand beside the text. */
export function attach(form, files) {
    for (const file of files) {
        send(form, file, false).then((line) => line && form.querySelector("[data-uploads]").append(line));
    }
}

/** Sends a picture to stand in the text; answers its id, or nothing when it was refused. */
export async function sendPicture(form, file) {
    return (await send(form, file, true))?.dataset.upload;
}

function send(form, file, isInline) {
    const max = Number(form.dataset.fileMax);
    if (file.size > max) {
        say(`${file.name} is larger than ${Math.floor(max / 1_048_576)} MiB; send a smaller one.`);
        return Promise.resolve();
    }
    waiting += 1;
    tell(form);
    // One after the other: many at once would only share the same line.
    const sent = last.then(() => post(file, isInline));
    last = sent.finally(() => {
        waiting -= 1;
        tell(form);
    });
    return sent;
}

async function post(file, isInline) {
    const name = encodeURIComponent(file.name || "picture");
    try {
        const response = await fetch(
            `${base}/errands/${errand}/uploads?name=${name}${isInline ? "&inline=yes" : ""}`, {
                method: "POST", body: file,
                headers: { ...headers, "Content-Type": file.type || "application/octet-stream" },
            });
        const text = await response.text();
        if (!response.ok) return void say(`${file.name}: ${text}`);
        return document.adoptNode(new DOMParser().parseFromString(text, "text/html").querySelector("li"));
    } catch {
        say(`${file.name} could not be sent. Try again in a moment.`);
    }
}

async function remove(line) {
    const list = line.parentElement;
    const next = line.nextElementSibling ?? line.previousElementSibling;
    try {
        const response = await fetch(`${base}/uploads/${line.dataset.upload}/remove`, {
            method: "POST", headers, body: new URLSearchParams(), signal: AbortSignal.timeout(goneMs),
        });
        if (!response.ok) return say(await response.text());
        line.remove();
        (next?.querySelector("button") ?? list.closest("form").querySelector("[data-files]")).focus();
    } catch {
        say("The server cannot be reached. Try again in a moment.");
    }
}

function tell(form) {
    form.querySelector("[data-upload-state]").textContent =
        waiting === 0 ? "" : waiting === 1 ? "Sending a file…" : `Sending ${waiting} files…`;
}
