# SPDX-License-Identifier: MIT
"""Transforms and ranges of single columns in the Python package: by name or index, kept by pickle, used for new rows and intervals; refused in sentences."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import package

import pickle

import numpy
import pandas
import tacit

rng = numpy.random.default_rng(3)
t = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 5)) + 0.2 * rng.normal(size=(60, 5))
t[:, 1] /= abs(t[:, 1]).max() / 4
whole = pandas.DataFrame(t * [30, 1, 1, 15, 20] + [50, 0, 7, 70, 170], columns=["age", "dose", "ph", "weight", "height"])
whole["dose"] = numpy.exp(t[:, 1])
X = whole.mask(rng.random(whole.shape) < 0.15)
gap = X.isna()
short = {"max_iter": 30, "folds": 2, "baselines": False}

# ---- by name: transformed back, clipped, in intervals and new rows, after pickle
by = tacit.Completer(transforms={"dose": "log"}, range={"age": (40, 60), "ph": (6, 7.1)}, **short).fit(X)
assert by.report_["transforms"][1].startswith("log"), by.report_["transforms"]
filled = by.transform(X)
low, high = by.intervals(X)
for column, least, most in [("age", 40, 60), ("ph", 6, 7.1), ("dose", 0, numpy.inf)]:
    for part in (filled, low, high):
        assert part[column][gap[column]].between(least, most).all(), column
assert filled["age"][gap["age"]].isin([40, 60]).any()  # the bounds were needed
assert (low["dose"] > 0).all()
assert pickle.loads(pickle.dumps(by)).transform(X).equals(filled)
new = pandas.DataFrame([[55, numpy.nan, 7.2, 75, 171]], columns=X.columns)
ends = by.intervals(new)
assert 0 < ends[0]["dose"][0] < by.transform(new)["dose"][0] < ends[1]["dose"][0]

# ---- one for all, by index, and none
assert tacit.Completer(transforms="none", **short).fit(X).report_["transforms"] == {}
assert set(tacit.Completer(transforms="log", **short).fit(X).report_["transforms"]) >= {1, 2, 3, 4}
assert set(tacit.Completer(transforms={1: "log", 0: "none"}, **short).fit(X.values).report_["transforms"]) >= {1}
filled = tacit.Completer(range=(0, 100), **short).fit(X.values).transform(X.values)
assert filled[gap.values].min() >= 0 and filled[gap.values].max() <= 100 and filled.max() > 100  # known entries stay

# ---- refused
for bad, sentence in [
    ({"transforms": "sqrt"}, "transforms is 'sqrt', it needs to be auto, none, log, logit or a dict of columns"),
    ({"transforms": {"dose": "sqrt"}}, "transforms of 'dose' is 'sqrt', it needs to be none, log or logit"),
    ({"transforms": {"doze": "log"}}, "transforms names 'doze', which is no column of X; the nearest are dose"),
    ({"transforms": {"height": "logit"}}, "column 4 cannot be fitted by its logit: its values lie between"),
    ({"range": {"age": (3, 1)}}, "range of 'age' is (3, 1), it needs two finite numbers, the lower one first"),
    ({"range": {"agee": (0, 1)}}, "range names 'agee', which is no column of X; the nearest are age"),
    ({"range": 3}, "range is 3, it needs to be (low, high), or a dict of columns to such"),
    ({"range": (0, float("inf"))}, "it needs two finite numbers"),
]:
    try:
        tacit.Completer(**bad, **short).fit(X)
    except ValueError as error:
        assert sentence in str(error), (sentence, str(error))
    else:
        raise AssertionError(f"{bad} was taken")
print("transforms and ranges of columns: ok")
