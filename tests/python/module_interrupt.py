# SPDX-License-Identifier: MIT
"""Ctrl-C during fit and run is a KeyboardInterrupt within a second; the interpreter, and what was fitted before, stay whole."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import package

import signal
import threading
import time

import numpy
import tacit

rng = numpy.random.default_rng(1)
small = numpy.add.outer(numpy.arange(12.0), numpy.arange(9.0))
small[rng.random(small.shape) < 0.2] = numpy.nan


def interrupted(work, after):
    """Seconds from the signal to the exception."""
    sent = []

    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, send)
    timer.start()
    try:
        work()
    except KeyboardInterrupt:
        return time.monotonic() - sent[0]
    finally:
        timer.cancel()
    raise AssertionError("it ended before it was interrupted")


by = tacit.Completer(baselines=False, folds=3, max_iter=20).fit(small)
before = by.transform(small)
tables = {"dense": rng.normal(size=(600, 300)), "long": rng.normal(size=(20000, 30)), "sparse": rng.normal(size=(800, 600))}
tables["sparse"][rng.random(tables["sparse"].shape) < 0.9] = numpy.nan
for name, X in tables.items():
    for after in [0.2, 1.5]:
        heard = interrupted(lambda: by.set_params(max_iter=3000, baselines=True, budget=None).fit(X), after)
        assert heard < 1, (name, after, heard)
        assert numpy.array_equal(by.transform(small), before), "what was fitted before is still there"
heard = interrupted(lambda: tacit.run(tables["dense"], widths=[300, 300, 600], iterations=10**7), 0.5)
assert heard < 1, heard

# ---- what runs on after that has ended, soon: nothing computes in the background
idle = False
for _ in range(60):
    used = time.process_time()
    time.sleep(0.5)
    idle = time.process_time() - used < 0.1
    if idle:
        break
assert idle, "something still computes half a minute later"
again = tacit.Completer(baselines=False, folds=3, max_iter=20).fit(small)
assert numpy.array_equal(again.transform(small), before)

# ---- a handler of one's own: its exception comes through; one that returns does not disturb
class Alarm(Exception):
    pass


def ring(*_):
    raise Alarm


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.3)
try:
    tacit.Completer(max_iter=3000).fit(tables["dense"])
    raise AssertionError("the alarm was not heard")
except Alarm:
    pass
rung = []
signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert numpy.array_equal(tacit.Completer(baselines=False, folds=3, max_iter=20).fit_transform(small), before)

# ---- in threads of Python, side by side; others run meanwhile
results, ticks = [], []
workers = [threading.Thread(target=lambda: results.append(tacit.Completer(baselines=False, folds=3, max_iter=20).fit_transform(small))) for _ in range(3)]
for worker in workers:
    worker.start()
while any(worker.is_alive() for worker in workers):
    ticks.append(time.monotonic())
    time.sleep(0.01)
assert len(results) == 3 and all(numpy.array_equal(result, before) for result in results)

# ---- an interpreter that ends at Ctrl-C ends by it, not by a crash
import subprocess

code = f"import sys; sys.path.insert(0, {package!r}); import numpy, tacit; print('on', flush=True); tacit.Completer(max_iter=3000).fit(numpy.random.rand(600, 300))"
process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
process.stdout.readline()
time.sleep(0.5)
process.send_signal(signal.SIGINT)
_, errors = process.communicate(timeout=60)
assert process.returncode == -signal.SIGINT and "KeyboardInterrupt" in errors, (process.returncode, errors)
print("all as it should be")
