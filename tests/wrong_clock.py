"""`python -m tests.wrong_clock SECONDS MODULE [ARGUMENT …]`: a module on a machine whose clock is wrong by so much."""

import datetime
import runpy
import sys

import time_machine

seconds, module, *arguments = sys.argv[1:]
sys.argv[:] = [module, *arguments]
wrong = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=float(seconds))
time_machine.travel(wrong, tick=True).start()
runpy.run_module(module, run_name="__main__", alter_sys=True)
