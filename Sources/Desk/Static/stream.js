// Hears that something changed, and shows whether it still hears.
import { signInAgain } from "./away.js";
import { showCompany } from "./errand.js";
import { refresh, refreshMain, refreshSoon } from "./panel.js";

const ownMs = 30;
// Others' work changes counts only; a busy floor must not make every desk ask at once.
const countsMs = 1_500;
const spreadMs = 1_000;
const reopenMs = 3_000;
const { base, errand } = document.body.dataset;

let source;
let reopenTimer;
let mainTimer;

export function listen() {
    open();
    addEventListener("pagehide", close);
    // Our own signing out leads to its page by itself.
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) close();
    });
    addEventListener("pageshow", (event) => {
        if (event.persisted) open();
    });
}

function open() {
    close();
    show("connecting…", "wait");
    source = new EventSource(`${base}/events${errand ? `?errand=${errand}` : ""}`);
    source.addEventListener("hello", () => {
        show("live", "on");
        refresh();
        refreshMain();
    });
    source.addEventListener("reload", () => {
        refresh();
        refreshMain();
    });
    source.addEventListener("own", () => {
        refreshSoon(ownMs);
        mainSoon(ownMs);
    });
    source.addEventListener("counts", () => {
        const ms = countsMs + Math.random() * spreadMs;
        refreshSoon(ms);
        if (!errand) mainSoon(ms);
    });
    source.addEventListener("errand", () => mainSoon(ownMs));
    source.addEventListener("signed-out", signInAgain);
    source.addEventListener("company", (event) => showCompany(event.data));
    source.addEventListener("error", () => {
        show("reconnecting…", "wait");
        // After an answer other than a stream the browser gives up; the panel finds out whether we are signed out.
        if (source.readyState !== EventSource.CLOSED) return;
        clearTimeout(reopenTimer);
        reopenTimer = setTimeout(async () => {
            await refresh();
            open();
        }, reopenMs + Math.random() * spreadMs);
    });
}

function close() {
    clearTimeout(reopenTimer);
    source?.close();
}

function mainSoon(ms) {
    if (mainTimer) return;
    mainTimer = setTimeout(() => {
        mainTimer = undefined;
        refreshMain();
    }, ms);
}

function show(text, tone) {
    const state = document.querySelector("[data-live-state]");
    if (state.textContent !== text) state.textContent = text;
    state.dataset.tone = tone;
}
