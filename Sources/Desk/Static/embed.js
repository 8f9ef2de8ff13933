// In a frame of another site's page: signs an agent in with the access key that the page sends by postMessage.
// Only origins that the workspace lists are heard, and the server checks them again.
const { base, embed } = document.body.dataset;
const kind = "cention.login";
const origins = embed.split(" ");
let isBusy = false;

if (window.parent !== window) addEventListener("message", hear);

async function hear({ data, origin, source }) {
    if (!origins.includes(origin) || data?.type !== kind) return;
    const answer = (words) => source?.postMessage({ type: kind, ...words }, { targetOrigin: origin });
    if (isBusy) return answer({ ok: false, error: "Another sign-in is under way." });
    isBusy = true;
    const { error, isNew } = await signIn(data, origin);
    isBusy = false;
    answer(error ? { ok: false, error } : { ok: true });
    if (isNew) location.replace(document.querySelector("input[name=next]")?.value ?? base);
}

async function signIn({ access_key_id: id, secret_access_key: secret }, origin) {
    if (typeof id !== "string" || typeof secret !== "string") {
        return { error: "access_key_id and secret_access_key are texts." };
    }
    try {
        const response = await fetch(`${base}/sign-in/key`, {
            method: "POST",
            body: new URLSearchParams({ access_key_id: id, secret_access_key: secret, origin }),
            headers: { "X-Requested-With": "desk" },
        });
        if (!response.ok) return { error: (await response.text()).trim() };
        return { isNew: response.status === 201 };
    } catch {
        return { error: "The server cannot be reached. Try again in a moment." };
    }
}
