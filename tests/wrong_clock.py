"""`python -m tests.wrong_clock SECONDS MODULE`: runs a module on a machine whose clock is wrong by so much."""

import datetime
import runpy
import sys

import time_machine

seconds, module = sys.argv[1:3]
sys.argv[:] = [module]
wrong = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=float(seconds))
time_machine.travel(wrong, tick=True).start()
runpy.run_module(module, run_name="__main__", alter_sys=True)
