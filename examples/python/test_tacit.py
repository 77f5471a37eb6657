# SPDX-License-Identifier: MIT
"""python3 test_tacit.py FOLDER: the module in FOLDER does what its page says."""
import sys

sys.path.insert(0, sys.argv[1])
import numpy
import tacit

rng = numpy.random.default_rng(3)
truth = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 30))
seen = rng.random(truth.shape) < 0.5
X = numpy.where(seen, truth + 0.1 * rng.normal(size=truth.shape), numpy.nan)

completed, low, high, report = tacit.complete(X, folds=3, budget=10, n_jobs=1)
assert completed.shape == X.shape and numpy.isfinite(completed).all()
assert (completed[seen] == X[seen]).all() and (low[seen] == X[seen]).all(), "known entries stay as they are"
assert (low <= completed).all() and (completed <= high).all()
error = numpy.sqrt(numpy.mean((completed - truth)[~seen] ** 2))
assert error < 0.5, error
inside = numpy.mean(((low <= truth) & (truth <= high))[~seen])
assert inside > 0.8, inside
assert report["chosen"] in [m["method"] for m in report["methods"]] and report["folds"] == 3, report

by = tacit.Completer(folds=3, budget=10, n_jobs=1, baselines=False)
assert (by.fit(X).transform(X) == by.transform(X)).all()
by = tacit.Completer(folds=3, n_jobs=1, baselines=False)
assert (by.fit(X).transform(X) == by.fit_transform(X)).all(), "without a clock twice the same"
assert by.report_["coverage"] == 0.9

columns = tacit.run(X, widths=[30, 20, 40], iterations=2000, every=500, rate=1e-2)
assert list(columns["iteration"][:2]) == [0, 500] and columns["loss"][-1] < columns["loss"][0]
assert columns["reason"] and len(columns["effective_rank"]) == len(columns["iteration"])

assert "muon" in tacit.optimizers()
by_name = tacit.run(X, widths=[30, 20, 40], iterations=200, every=50, optimizer="adam({.rate = 1e-2})")
assert by_name["loss"][-1] < by_name["loss"][0], by_name["loss"]

for bad, says in [(lambda: tacit.run(X, widths=[30, 20, 40], optimizer="adamm"), "nearest are adam"),
                  (lambda: tacit.complete(numpy.full((4, 4), numpy.inf)), "infinite"), (lambda: tacit.Completer().transform(X), "fit comes before"),
                  (lambda: by.transform(X[:, :3]), "X has 3 features, but Completer is expecting 30"), (lambda: tacit.complete(numpy.full((3, 3), numpy.nan)), "observed")]:
    try:
        bad()
    except ValueError as error:
        assert says in str(error), error
    else:
        raise AssertionError(says)
print("all as it should be")
