// The desk's one script: everything works without it, with it the page follows events by itself.
import { setNow, startClock } from "./clock.js";
import { followCopy } from "./copy.js";
import { keepDrafts } from "./drafts.js";
import { followEditor } from "./editor.js";
import { followErrand } from "./errand.js";
import { followFiles } from "./files.js";
import { followForms } from "./forms.js";
import { followKeys } from "./keys.js";
import { followLibrary } from "./library.js";
import { followNews } from "./list.js";
import { watchOffer } from "./offer.js";
import { followSaving } from "./saving.js";
import { watchSession } from "./session.js";
import { listen } from "./stream.js";

const { dataset } = document.body;

// The address of a form's answer is the form's: a reload would send it again.
if (dataset.errand) history.replaceState(null, "", `${dataset.base}/errands/${dataset.errand}`);
// What a page says once it does not say again after a reload.
else if (location.search.includes("said=")) {
    const address = new URL(location.href);
    address.searchParams.delete("said");
    history.replaceState(null, "", address.pathname + address.search);
}

setNow(Number(dataset.now));
startClock();
// In this order: each may stop a form before the next sees it.
followErrand();
followFiles();
followEditor();
keepDrafts();
followForms();
followSaving();
followCopy();
watchOffer();
followKeys();
followLibrary();
followNews();
watchSession();
listen();
