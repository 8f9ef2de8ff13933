// The way to the sign-in page and back to where the agent was.
const { base } = document.body.dataset;

/** Leaves for the sign-in page, which brings back to this one. */
export function signInAgain() {
    const next = encodeURIComponent(location.pathname + location.search);
    location.assign(`${base}/sign-in?said=ended&next=${next}`);
}
