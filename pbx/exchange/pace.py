"""What keeps the exchange in time: uvloop's event loop, where there is one, and garbage collected in small steps."""

import gc
import sys

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

__all__ = ["collect_in_small_steps", "new_event_loop"]

_STEPS = 5000, 10, 20


def collect_in_small_steps() -> None:
    """From now on what is there already is not looked through again, and what comes is, a little at a time.

    All sound of all calls waits for the collector: with Python's own steps, 80 calls a second and every module and model to
    look through, for up to 300 ms; with these for 20 ms, and once in some thousands of calls for 100.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_STEPS)
