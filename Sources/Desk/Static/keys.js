// Everything by keyboard: single keys, and the sheet that lists them.
import { showNews } from "./list.js";

const { base } = document.body.dataset;
const sequenceMs = 1_500;
const offKey = "single keys off";

/** Keys by what they are for; two keys in one entry are pressed after each other. */
const groups = [
    ["Work", [
        ["r", "ready, or not ready", () => press(isReady() ? "#go-not-ready" : "#go-ready")],
        ["a", "accept the offer", () => press("#accept")],
        ["d", "decline the offer", () => press("#decline")],
        ["w", "end wrap-up", () => press("#end-wrap-up")],
    ]],
    ["Lists", [
        ["j", "next line", () => move(1)],
        ["k", "line before", () => move(-1)],
        ["Enter", "open the line", null],
        ["t", "take the errand of the line, or the one on the page", take],
        ["/", "filter the list", filter],
        ["u", "show what is new", showNews],
        ["n", "next page", () => press("#next-page")],
        ["p", "first page", () => press("#first-page")],
        ["1 – 4", "the list’s tabs, from the left", null],
    ]],
    ["Go to", [
        ["g h", "home", () => go("")],
        ["g m", "my errands", () => go("/mine")],
        ["g a", "areas", () => go("/areas")],
        ["g p", "your account and password", () => go("/account")],
    ]],
    ["Everywhere", [
        ["?", "this sheet", showSheet],
        ["Esc", "close the sheet, leave a field", null],
        ["Tab", "next link, button or field", null],
    ]],
];

const actions = new Map(groups.flatMap(([, keys]) => keys.filter(([, , run]) => run).map(([key, , run]) => [key, run])));

let first = "";
let firstTimer;
let sheet;

export function followKeys() {
    document.addEventListener("keydown", pressed);
    const button = document.querySelector("[data-keys]");
    button.hidden = false;
    button.addEventListener("click", showSheet);
}

function pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");
    if (isTyping) {
        if (event.key === "Escape") event.target.blur();
        return;
    }
    if (document.querySelector("dialog[open]") || isOff()) return;
    const key = first ? `${first} ${event.key}` : event.key;
    clearTimeout(firstTimer);
    first = "";
    if (key === "g" && !event.repeat) {
        first = "g";
        firstTimer = setTimeout(() => (first = ""), sequenceMs);
        return event.preventDefault();
    }
    const run = actions.get(key) ?? tab(key) ?? own(key);
    // Held down, only walking along a list goes on.
    if (!run || (event.repeat && key !== "j" && key !== "k")) return;
    event.preventDefault();
    run();
}

/** What the page itself offers for a key: `data-key` on a button, link or field. */
function own(key) {
    if (key.length !== 1 || !/[a-z0-9]/.test(key)) return null;
    const element = [...document.querySelectorAll(`[data-key="${key}"]`)].find(isShown);
    if (!element) return null;
    const isField = element.matches("input, textarea, select, [contenteditable]");
    return () => (isField ? element.focus() : element.click());
}

function tab(key) {
    if (!/^[1-4]$/.test(key)) return null;
    const link = document.querySelectorAll(".tabs a")[Number(key) - 1];
    return link && (() => link.click());
}

function isShown(element) {
    return element.checkVisibility() && !element.disabled;
}

function press(selector) {
    const element = document.querySelector(selector);
    if (element && isShown(element)) element.click();
}

function isReady() {
    return document.querySelector("#go-ready")?.getAttribute("aria-pressed") === "true";
}

function go(path) {
    location.assign(base + path);
}

/** Moves the focus along the lines of the page, or of the column when the page has none. */
function move(step) {
    const lines = (part) => [...document.querySelectorAll(`${part} [data-row-link]`)].filter(isShown);
    const own = lines("main");
    const links = own.length ? own : lines(".side");
    if (!links.length) return;
    const at = links.findIndex((link) => link === document.activeElement || link.closest("tr")?.contains(document.activeElement));
    const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
    links[to].focus();
    links[to].scrollIntoView({ block: "nearest" });
}

function take() {
    const row = document.activeElement?.closest("[data-row]");
    const button = row ? row.querySelector("[data-test=take-from-list]") : document.querySelector("main [data-test=take]");
    if (button && isShown(button)) button.click();
}

function filter() {
    const filters = document.querySelector("[data-filters]");
    if (!filters) return;
    filters.open = true;
    filters.querySelector("input:not([type=hidden])").focus();
}

function isOff() {
    try {
        return localStorage.getItem(offKey) === "yes";
    } catch {
        return false;
    }
}

function setOff(isOff) {
    try {
        if (isOff) localStorage.setItem(offKey, "yes");
        else localStorage.removeItem(offKey);
    } catch {
        // a browser that keeps nothing keeps the keys on
    }
}

function showSheet() {
    sheet ??= build();
    sheet.querySelector("[data-page-keys]")?.remove();
    const offered = [...document.querySelectorAll("[data-key][data-key-words]")].filter(isShown);
    if (offered.length) {
        const part = group("This page", offered.map((element) => [element.dataset.key, element.dataset.keyWords]));
        part.dataset.pageKeys = "";
        sheet.querySelector(".key-groups").prepend(part);
    }
    sheet.querySelector("input").checked = !isOff();
    sheet.showModal();
}

function build() {
    const dialog = make("dialog", { className: "keys", id: "keys" });
    dialog.dataset.test = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    const title = make("h2", { id: "keys-title", textContent: "Keys" });
    const close = make("button", { type: "button", textContent: "Close", autofocus: true });
    close.addEventListener("click", () => dialog.close());
    const head = make("header", {});
    head.append(title, close);
    const parts = make("div", { className: "key-groups" });
    parts.append(...groups.map(([name, keys]) => group(name, keys)));
    const choice = make("label", { className: "key-choice" });
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => setOff(!box.checked));
    choice.append(box, "Single keys are on in this browser");
    dialog.append(head, parts, choice);
    // A click beside the sheet closes it.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    // `?` closes what it opened.
    dialog.addEventListener("keydown", (event) => event.key === "?" && dialog.close());
    document.body.append(dialog);
    return dialog;
}

function group(name, keys) {
    const section = make("section", {});
    const list = make("dl", {});
    for (const [key, words] of keys) {
        const line = make("div", {});
        const term = make("dt", {});
        key.split(" ").forEach((part) => term.append(part === "–" ? " – " : make("kbd", { textContent: part }), " "));
        line.append(term, make("dd", { textContent: words }));
        list.append(line);
    }
    section.append(make("h3", { textContent: name }), list);
    return section;
}

function make(name, properties) {
    return Object.assign(document.createElement(name), properties);
}
