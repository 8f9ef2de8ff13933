// Holds back buttons that would save nothing: the server refuses as well, so without scripts nothing is lost.

export function followSaving() {
    for (const event of ["input", "change", "reset"]) {
        document.addEventListener(event, (typed) => typed.target.form && judge(typed.target.form));
    }
    judgeAll();
    // What the browser filled in again after a step back.
    addEventListener("pageshow", judgeAll);
}

function judgeAll() {
    for (const form of document.querySelectorAll("form[data-needs], form[data-changes]")) judge(form);
}

function judge(form) {
    const { needs, changes } = form.dataset;
    if (needs === undefined && changes === undefined) return;
    const lacks = (needs ?? "").split(" ").some((name) => name && !form.elements[name]?.value.trim());
    const idle = changes !== undefined && ![...form.elements].some(isChanged);
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = lacks || idle;
}

function isChanged(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
        return [...field.options].some((option) => option.selected !== option.defaultSelected);
    }
    return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
}
