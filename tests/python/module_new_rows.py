# SPDX-License-Identifier: MIT
"""Rows that were not there are folded in; the default budget gives the same numbers under load, pickled, and by any number of threads."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import package

import copy
import pickle
import subprocess

import numpy
import tacit

rng = numpy.random.default_rng(5)
settings = {"baselines": False, "folds": 3, "max_iter": 100}


def table(n, right, spread):
    return rng.normal(size=(n, 3)) @ right + spread * rng.normal(size=(n, 1)) + 5 + 0.05 * rng.normal(size=(n, right.shape[1]))


def rmse(x):
    return numpy.sqrt((x**2).mean())


# ---- unseen rows: nearly as well as those that were fitted, with and without levels of their own
for spread in [0, 10]:
    right = rng.normal(size=(3, 20)) + numpy.linspace(-2, 2, 20)
    old, new = table(80, right, spread), table(40, right, spread)
    gaps, new_gaps = rng.random(old.shape) < 0.2, rng.random(new.shape) < 0.2
    by = tacit.Completer(**settings).fit(numpy.where(gaps, numpy.nan, old))
    holes = numpy.where(new_gaps, numpy.nan, new)
    filled = by.transform(holes)
    assert (filled[~new_gaps] == new[~new_gaps]).all()
    error, of_old = rmse((filled - new)[new_gaps]), rmse((by.transform(numpy.where(gaps, numpy.nan, old)) - old)[gaps])
    assert error < 2 * of_old, (spread, error, of_old)
    low, high = by.intervals(holes)
    assert ((low <= new) & (new <= high))[new_gaps].mean() > 0.6
    empty = by.transform(numpy.full((2, 20), numpy.nan))  # of which nothing is known: what columns have in common
    assert numpy.isfinite(empty).all() and (empty[0] == empty[1]).all() and abs(empty.mean() - old.mean()) < 3
    one = numpy.full((1, 20), numpy.nan)
    one[0, 3] = new[0, 3]
    assert numpy.isfinite(by.transform(one)).all() and abs(by.transform(one) - old.mean()).max() < 10 * old.std()

# ---- a row that was fitted is completed as it was, alone or among others, in any order; a row is what its numbers are, not where it stood
X = numpy.where(gaps, numpy.nan, old)
whole = by.transform(X)
order = rng.permutation(len(X))
assert numpy.array_equal(by.transform(X[order]), whole[order])
assert numpy.array_equal(numpy.vstack([by.transform(X[i:i + 1]) for i in range(9)]), whole[:9])
among = by.transform(numpy.vstack([X[:3], holes[:3]]))
assert numpy.array_equal(among[:3], whole[:3]) and numpy.array_equal(among[3:], filled[:3])
assert numpy.array_equal(by.transform(old), old), "nothing to fill"

# ---- copies
for again in [copy.deepcopy(by), pickle.loads(pickle.dumps(by)), copy.copy(by)]:
    assert numpy.array_equal(again.transform(X), whole) and numpy.array_equal(again.transform(holes), filled)
    assert again.report_ == by.report_ or again.report_["chosen"] == by.report_["chosen"]
unfitted = pickle.loads(pickle.dumps(tacit.Completer(folds=4)))
assert unfitted.folds == 4 and not hasattr(unfitted, "report_")
code = f"import sys, pickle; sys.path.insert(0, {package!r}); c = pickle.load(sys.stdin.buffer); print(c.transform(c.asked_).tobytes().hex())"
by.asked_ = holes
other = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(by), capture_output=True)
assert other.stdout.decode().strip() == filled.tobytes().hex(), other.stderr

# ---- no clock: busy or not, one thread or two, the same bytes; another seed, other bytes
for changed in [{}, {"max_iter": 7}]:
    alone = tacit.Completer(**{**settings, **changed}, n_jobs=1).fit(X)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    beside = tacit.Completer(**{**settings, **changed}, n_jobs=2).fit(X)
    for process in busy:
        process.kill()
    assert numpy.array_equal(alone.transform(X), beside.transform(X)) and alone.half_width_ == beside.half_width_
    assert alone.report_["settings"] == beside.report_["settings"]
assert not numpy.array_equal(tacit.Completer(**settings, random_state=2).fit_transform(X), whole)
generator = tacit.Completer(**settings, random_state=numpy.random.RandomState(3)).fit_transform(X)
assert numpy.array_equal(generator, tacit.Completer(**settings, random_state=numpy.random.RandomState(3)).fit_transform(X))
by_the_clock = tacit.Completer(**settings, budget=5).fit(X)
assert numpy.isfinite(by_the_clock.transform(X)).all()
print("all as it should be")
