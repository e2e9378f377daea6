"""`python -m tests.faults.jumping_clock MODULE [ARGUMENT …]`: a module on a machine whose clock jumps while it runs.

A day ahead, a day behind, right again, and so on. What counts the seconds since the start of the machine stays right.
"""

import datetime
import itertools
import runpy
import sys
import threading
import time

import time_machine

DAY = datetime.timedelta(days=1)
JUMPS = (DAY, -2 * DAY, DAY)
EVERY = 0.2  # seconds
SAYS = "the clock jumps"


def jump_on(clock):
    for jump in itertools.cycle(JUMPS):
        time.sleep(EVERY)
        clock.shift(jump)
        print(SAYS, flush=True)  # noqa: T201


if __name__ == "__main__":
    del sys.argv[0]
    machines_clock = time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True).start()
    threading.Thread(target=jump_on, args=[machines_clock], daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
