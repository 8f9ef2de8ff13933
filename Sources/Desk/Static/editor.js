// The answer's editor: plain text, or rich text with bold, italic, lists, links and pasted pictures.
import { readDraft, writeDraft } from "./drafts.js";
import { sendPicture } from "./files.js";
import { onRefreshed } from "./panel.js";

const { base } = document.body.dataset;
const kept = new Set(["B", "STRONG", "I", "EM", "U", "UL", "OL", "LI", "BR", "P", "DIV", "BLOCKQUOTE"]);
const pictureName = /^cid:attachment_(\d+)$/;
const linkStart = /^(https?:\/\/|mailto:|tel:)/i;

export function followEditor() {
    setUp();
    onRefreshed(setUp);
    document.addEventListener("selectionchange", showState);
    document.addEventListener("submit", fill);
    document.addEventListener("keydown", (event) => {
        const form = event.target.closest?.("form[data-draft]");
        if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            form.requestSubmit(form.querySelector("button.primary"));
        }
    });
}

/** Whether there is anything of an answer in the form. */
export function hasDraft(form) {
    const { plain, rich } = parts(form);
    return (rich.hidden ? plain.value.trim() !== "" : !isEmpty(rich))
        || form.querySelector("[data-upload]") !== null;
}

/** Puts the cursor where the answer is written. */
function focusAnswer(form) {
    const { plain, rich } = parts(form);
    (rich.hidden ? plain : rich).focus();
}

function parts(form) {
    const find = (name) => form.querySelector(`[${name}]`);
    return {
        plain: form.querySelector("textarea[name=body]"), html: find("data-html"), rich: find("data-rich"),
        tools: find("data-tools"), toggle: find("data-rich-toggle"), linkRow: find("data-link-row"),
        linkAddress: find("data-link-address"),
    };
}

function setUp() {
    const form = document.querySelector("form[data-draft]");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "yes";
    const { plain, html, rich, tools, toggle, linkAddress } = parts(form);
    for (const part of [toggle, form.querySelector("[data-attach]")]) part.hidden = false;
    toggle.addEventListener("click", () => {
        turn(form, rich.hidden);
        focusAnswer(form);
    });
    // A click on a tool must not take the selection away.
    tools.addEventListener("mousedown", (event) => {
        if (!event.target.closest("input")) event.preventDefault();
    });
    tools.addEventListener("click", (event) => {
        const command = event.target.closest("[data-command]")?.dataset.command;
        if (command) run(form, command);
        if (event.target.closest("[data-link-set]")) setLink(form);
    });
    linkAddress.addEventListener("keydown", (event) => {
        if (event.key === "Enter") setLink(form);
        else if (event.key === "Escape") closeLink(form);
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    rich.addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            run(form, "link");
        }
    });
    form.addEventListener("paste", (event) => paste(form, event));
    form.addEventListener("input", () => keep(form));
    const draft = plain.value || html.value ? { body: plain.value, html: html.value } : readDraft();
    if (!draft) return;
    plain.value = draft.body;
    if (!draft.html) return keep(form);
    rich.replaceChildren(...nodes(draft.html));
    show(form, true);
    keep(form);
}

function keep(form) {
    const { plain, rich } = parts(form);
    writeDraft(rich.hidden ? { body: plain.value, html: "" } : { body: "", html: isEmpty(rich) ? "" : written(rich) });
}

function isEmpty(rich) {
    return rich.textContent.trim() === "" && !rich.querySelector("img");
}

/** Changes between plain and rich text and takes the text along. */
function turn(form, toRich) {
    const { plain, rich } = parts(form);
    if (toRich) {
        const lines = plain.value ? plain.value.split("\n") : [];
        rich.replaceChildren(...lines.map((line) => {
            const block = document.createElement("div");
            block.append(line === "" ? document.createElement("br") : line);
            return block;
        }));
    } else {
        plain.value = rich.innerText.trimEnd();
    }
    show(form, toRich);
    keep(form);
}

function show(form, isRich) {
    const { plain, rich, tools, toggle } = parts(form);
    plain.hidden = isRich;
    plain.required = !isRich;
    rich.hidden = !isRich;
    tools.hidden = !isRich;
    toggle.setAttribute("aria-pressed", isRich);
}

/** Before the form goes: its texts are those of the side that shows. */
function fill(event) {
    const form = event.target;
    if (!form.matches("[data-draft]") || event.defaultPrevented) return;
    const { plain, html, rich } = parts(form);
    html.value = rich.hidden || isEmpty(rich) ? "" : written(rich);
    if (!rich.hidden) plain.value = "";
}

/** The editor's content as the server takes it: pictures by the name that they will have. */
function written(rich) {
    // In a document without a window, or the browser would try to load the new addresses.
    const inert = document.implementation.createHTMLDocument("");
    const copy = inert.importNode(rich, true);
    for (const element of copy.querySelectorAll("*")) {
        const picture = element.dataset.picture;
        for (const { name } of [...element.attributes]) if (name !== "href" && name !== "alt") element.removeAttribute(name);
        if (picture) element.setAttribute("src", `cid:attachment_${picture}`);
    }
    return copy.innerHTML;
}

/** The reverse of `written`: only what the editor itself makes. */
function nodes(html) {
    return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].flatMap(node);
}

function node(from) {
    if (from.nodeType === Node.TEXT_NODE) return [document.createTextNode(from.data)];
    if (from.nodeType !== Node.ELEMENT_NODE) return [];
    const children = [...from.childNodes].flatMap(node);
    if (from.tagName === "IMG") {
        const id = pictureName.exec(from.getAttribute("src"))?.[1];
        return id ? [picture(id, from.getAttribute("alt") ?? "")] : [];
    }
    const isLink = from.tagName === "A" && linkStart.test(from.getAttribute("href"));
    if (!isLink && !kept.has(from.tagName)) return children;
    const made = document.createElement(from.tagName);
    if (isLink) made.setAttribute("href", from.getAttribute("href"));
    made.append(...children);
    return [made];
}

function picture(id, alt) {
    const image = document.createElement("img");
    image.src = `${base}/uploads/${id}`;
    image.alt = alt;
    image.dataset.picture = id;
    return image;
}

function run(form, command) {
    const { rich } = parts(form);
    rich.focus();
    if (command === "link") return openLink(form);
    document.execCommand(command);
    showState();
    keep(form);
}

function showState() {
    const form = document.activeElement?.closest?.("form[data-draft]");
    if (!form || parts(form).rich.hidden) return;
    for (const button of parts(form).tools.querySelectorAll("[aria-pressed]")) {
        button.setAttribute("aria-pressed", document.queryCommandState(button.dataset.command));
    }
}

let linked = null;

function openLink(form) {
    const { linkRow, linkAddress, tools } = parts(form);
    linked = range(form);
    linkRow.hidden = false;
    tools.querySelector("[data-command=link]").setAttribute("aria-expanded", "true");
    linkAddress.focus();
}

function closeLink(form) {
    const { rich, linkRow, linkAddress, tools } = parts(form);
    linkRow.hidden = true;
    linkAddress.value = "";
    tools.querySelector("[data-command=link]").setAttribute("aria-expanded", "false");
    rich.focus();
    select(linked);
}

function setLink(form) {
    const { linkAddress } = parts(form);
    const typed = linkAddress.value.trim();
    closeLink(form);
    if (!typed) return void document.execCommand("unlink");
    const address = linkStart.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    if (getSelection().isCollapsed) {
        const link = document.createElement("a");
        link.setAttribute("href", address);
        link.textContent = typed;
        insert(form, link);
    } else {
        document.execCommand("createLink", false, address);
    }
    keep(form);
}

/** The selection in the editor; its end when the cursor is elsewhere. */
function range(form) {
    const { rich } = parts(form);
    const selection = getSelection();
    if (selection.rangeCount && rich.contains(selection.anchorNode)) return selection.getRangeAt(0).cloneRange();
    const end = document.createRange();
    end.selectNodeContents(rich);
    end.collapse(false);
    return end;
}

function select(wanted) {
    if (!wanted) return;
    getSelection().removeAllRanges();
    getSelection().addRange(wanted);
}

function insert(form, element, at = range(form)) {
    at.deleteContents();
    at.insertNode(element);
    at.setStartAfter(element);
    at.collapse(true);
    select(at);
}

/** Pictures are sent and shown where the cursor is; everything else comes in as its text. */
async function paste(form, event) {
    const { plain, rich } = parts(form);
    if (event.target !== plain && !rich.contains(event.target)) return;
    const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (pictures.length === 0) {
        if (rich.hidden) return;
        event.preventDefault();
        document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
        return;
    }
    event.preventDefault();
    if (rich.hidden) {
        turn(form, true);
        rich.focus();
        select(range(form));
    }
    const at = range(form);
    for (const file of pictures) {
        const id = await sendPicture(form, file);
        if (id) insert(form, picture(id, ""), rich.contains(at.startContainer) ? at : range(form));
    }
    keep(form);
}
