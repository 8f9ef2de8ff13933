# What a server tells on its metrics listener, and what it must have told before it is stopped.
import re
import urllib.request

from .waiting import wait_for

SCRAPE_MAX_S = 60
VIOLATIONS = "switchboard_invariant_violations_total"
LOOKS = "switchboard_audit_looks_total"
ADDRESS = re.compile(r"metrics at (http://\S+/metrics)")


def address(log):
    """The listener that the server's log names last; None without one."""
    found = ADDRESS.findall(log)
    return found[-1] if found else None


def scrape(url):
    """Each sample by its name and labels, as written."""
    with urllib.request.urlopen(url, timeout=SCRAPE_MAX_S) as answer:
        lines = answer.read().decode().splitlines()
    samples = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


def nothing_is_broken(url):
    """Every invariant reads 0 after a look of the audit at what is there now; one look sees a small center whole."""
    begun = scrape(url)
    if begun['switchboard_role{role="standby"}'] or begun["switchboard_store_away"]:
        last = begun
    else:
        def audited():
            page = scrape(url)
            return page if page["switchboard_store_away"] or page[LOOKS] > begun[LOOKS] else None

        last = wait_for("the audit", audited)
    violations = {name: value for name, value in last.items() if name.startswith(VIOLATIONS)}
    assert violations or last['switchboard_role{role="standby"}'], "the metrics tell of no invariant"
    assert not any(violations.values()), f"invariants are broken: {violations}"
