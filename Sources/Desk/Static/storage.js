// What a tab keeps from page to page.

/** In a frame of another site's page browsers may deny it: then a page keeps what is its own, as long as it is open. */
class PageStorage {
    #items = new Map();
    getItem(key) {
        return this.#items.get(key) ?? null;
    }
    setItem(key, text) {
        this.#items.set(key, text);
    }
    removeItem(key) {
        this.#items.delete(key);
    }
    clear() {
        this.#items.clear();
    }
}

function tabStorage() {
    try {
        return window.sessionStorage;
    } catch {
        return new PageStorage();
    }
}

export const storage = tabStorage();
