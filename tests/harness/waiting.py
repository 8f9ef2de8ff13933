# Waiting for something that happens elsewhere. The bound is for a failure; no test asserts how long it took.
import time

WAIT_MAX_S = 120
PAUSE_S = 0.05


def wait_for(what, probe, within_s=WAIT_MAX_S):
    """The first true answer of `probe`; AssertionError naming `what` when there is none."""
    give_up = time.monotonic() + within_s
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > give_up:
            raise AssertionError(f"still waiting for {what} after {within_s} s; last answer: {answer!r}")
        time.sleep(PAUSE_S)
