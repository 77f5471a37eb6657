# SPDX-License-Identifier: MIT
"""Order of rows and columns, side features, scales and switches in the Python package: what the program offers, by arguments."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import package

import pickle
import warnings

import numpy
import pandas
import tacit

short = {"max_iter": 10, "folds": 2, "baselines": False}
rng = numpy.random.default_rng(5)

# ---- order: found by the index as in files, where neighbours are alike; asked for by name or by places; a shuffled table tells its places
n, m = 80, 4
walk = numpy.cumsum(rng.normal(size=(n, m)), axis=0) * 0.5
hidden = rng.random(walk.shape) < 0.2
days = pandas.date_range("2024-01-01", periods=n, freq="D")
X = pandas.DataFrame(numpy.where(hidden, numpy.nan, walk), index=days, columns=list("abcd"))


def error(completed):
    return numpy.sqrt(numpy.mean((numpy.asarray(completed) - walk)[hidden] ** 2))


by = tacit.Completer(**short).fit(X)
(found,) = by.report_["ordered"]
assert found["mode"] == "rows" and found["found"] == "date and time" and found["used"] and found["neighbour_ratio"] < 0.5, found
without = tacit.Completer(ordered="none", **short).fit(X)
assert without.report_["ordered"] == []
assert error(by.transform(X)) < 0.8 * error(without.transform(X)), (error(by.transform(X)), error(without.transform(X)))
assert tacit.Completer(**short).fit(X.reset_index(drop=True)).report_["ordered"] == [], "a plain count says nothing"
noise = pandas.DataFrame(rng.normal(size=(60, 4)), index=days[:60])
assert [one["used"] for one in tacit.Completer(**short).fit(noise).report_["ordered"]] == [False]
asked = tacit.Completer(ordered="rows", **short).fit(X.values)
assert asked.report_["ordered"][0]["found"] == "asked for" and error(asked.transform(X.values)) < 0.8 * error(without.transform(X))
mixed = rng.permutation(n)
placed = tacit.Completer(ordered={"rows": days[mixed]}, **short).fit_transform(X.values[mixed])
assert error(placed[numpy.argsort(mixed)]) < 0.8 * error(without.transform(X))

# ---- features of rows: rows without any entry are predicted from them, each from its own, after pickle, too; matched by name, words among them
n, m = 120, 10
size, kind = rng.normal(size=n), rng.integers(0, 3, n)
truth = numpy.outer(size, rng.normal(size=m)) + rng.normal(size=(3, m))[kind] + 0.05 * rng.normal(size=(n, m))
cold = [3, 50, 77]
table = pandas.DataFrame(truth, index=[f"r{i}" for i in range(n)]).mask(rng.random(truth.shape) < 0.3)
table.iloc[cold] = numpy.nan
features = pandas.DataFrame({"size": size, "kind": numpy.array(["x", "y", "z"])[kind]}, index=table.index).sample(frac=1, random_state=1)
by = tacit.Completer(**short).fit(table, row_features=features)
assert by.report_["row_features"][0] == "size" and set(by.report_["row_features"][1:]) == {"kind = x", "kind = y", "kind = z"}, by.report_["row_features"]
(told,) = by.report_["without_entries"]
assert told["mode"] == "rows" and told["count"] == 3 and told["from_features"] and told["rmse"] < 0.5 * told["average_rmse"], told


def cold_error(completed):
    return numpy.sqrt(numpy.mean((numpy.asarray(completed) - truth)[cold] ** 2))


plain = tacit.Completer(**short).fit(table)
assert cold_error(by.transform(table)) < 0.3 * cold_error(plain.transform(table)), (cold_error(by.transform(table)), cold_error(plain.transform(table)))
assert pickle.loads(pickle.dumps(by)).transform(table).equals(by.transform(table))
nobody = by.transform(table.iloc[[cold[0]]].set_axis(["new"]))
assert not numpy.allclose(nobody, by.transform(table).iloc[[cold[0]]]), "a new row without entries has no features, and is the average one"
completed, low, high, report = tacit.complete(table.values.T, column_features=features.loc[table.index][["size"]].to_numpy(), **short)
assert report["column_features"] == ["feature 0"] and numpy.isfinite(completed).all()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    tacit.Completer(**short).fit(table, row_features=pandas.concat([features, features.iloc[:1].set_axis(["zz"])]))
assert ["1 of its lines are no rows of X, the first 'zz'" in str(one.message) for one in caught] == [True], caught

# ---- switches and scales
methods = [one["method"] for one in tacit.Completer(max_iter=10, folds=2, stack=False, race=False).fit(table).report_["methods"]]
assert methods and not any("stack" in name for name in methods), methods
whole = truth[:40] * numpy.array([1] * 9 + [1e4])
gaps = numpy.where(rng.random(whole.shape) < 0.2, numpy.nan, whole)
scaled = [tacit.Completer(scale=scale, **short).fit_transform(gaps) for scale in ("columns", "none")]
assert not numpy.allclose(*scaled)

# ---- refused
for settings, given, sentence in [
    ({"ordered": "row"}, {}, "ordered names 'row', it needs to be auto, none, rows, columns"),
    ({"ordered": 3}, {}, "ordered names 3, it needs to be auto"),
    ({"ordered": {"rows": [1, 2]}}, {}, "(2,) places for 40 rows"),
    ({"ordered": {"rows": [1] * 40}}, {}, "two of the rows stand at the same place"),
    ({"ordered": {"columns": list("abcdefghij")}}, {}, "the places of the columns need to be numbers or times"),
    ({"scale": "column"}, {}, "scale is 'column', it needs to be auto, none, columns, rows or both"),
    ({"depths": 2.5}, {}, "depths is 2.5, it needs to be whole numbers"),
    ({"coverage": 90}, {}, "coverage is 90, it needs to lie between 0 and 1"),
    ({}, {"row_features": numpy.ones((3, 2))}, "row_features is of shape (3, 2), X has 40 rows"),
    ({}, {"row_features": [[1, 2], [3]] * 20}, "row_features is no table, its lines differ in length"),
    ({}, {"row_features": numpy.ones(40)}, "row_features holds no feature that differs between the rows"),
    ({}, {"column_features": [1.0] * 9 + [numpy.inf]}, "column_features: feature 0 holds an infinite number"),
    ({}, {"row_features": pandas.Series(days[:40])}, "neither numbers nor words"),
]:
    try:
        tacit.Completer(**{**short, **settings}).fit(gaps, **given)
    except ValueError as refused:
        assert sentence in str(refused), (sentence, str(refused))
    else:
        raise AssertionError(f"{settings} {given} was taken")
frame = pandas.DataFrame(gaps)
for index, sentence in [([f"q{i}" for i in range(40)], "names none of the rows of X; its first is 'q0', the first of X is 0"), ([0] * 40, "0 comes twice in its index")]:
    try:
        tacit.Completer(**short).fit(frame, row_features=pandas.DataFrame({"size": size[:40]}, index=index))
    except ValueError as refused:
        assert sentence in str(refused), (sentence, str(refused))
    else:
        raise AssertionError(f"an index of {index[:2]} was taken")
print("all as it should be")
