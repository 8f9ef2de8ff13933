// The offer: announced when it comes, counted down, gone when its time is over.
import { everyTick, now } from "./clock.js";
import { onRefreshed, refreshSoon } from "./panel.js";

const title = document.title;
const goneMs = 400;
let known = "";
let blinks = 0;

export function watchOffer() {
    onRefreshed(notice);
    notice();
    everyTick(countDown);
}

function current() {
    return document.querySelector("[data-offer]:not([hidden])");
}

function notice() {
    const card = current();
    const key = card?.dataset.offer ?? "";
    countDown(now());
    if (key === known) return;
    known = key;
    announce(card ? sentence(card) : "");
    if (!card) document.title = title;
}

function sentence(card) {
    const subject = card.querySelector("[data-offer-subject]").textContent;
    const customer = card.querySelector("[data-offer-customer]").textContent;
    const seconds = Math.max(0, Math.round((Number(card.dataset.deadline) - now()) / 1000));
    return `New offer: ${subject}, from ${customer}. ${seconds} seconds to accept.`;
}

function announce(text) {
    document.querySelector("[data-announce]").textContent = text;
}

function countDown(at) {
    const card = current();
    if (!card) return;
    const made = Number(card.dataset.made);
    const deadline = Number(card.dataset.deadline);
    const left = Math.min(1, Math.max(0, (deadline - at) / Math.max(1, deadline - made)));
    card.style.setProperty("--left", left.toFixed(4));
    blinks += 1;
    document.title = document.hidden && blinks % 8 < 4 ? `Offer! – ${title}` : `● Offer – ${title}`;
    if (deadline > at) return;
    // The server says so too; this is for a stream that is late.
    card.hidden = true;
    notice();
    refreshSoon(goneMs);
}
