# SPDX-License-Identifier: MIT
"""Kinds of tables: masks, NA and None are gaps; what came as a DataFrame goes as one; what holds no numbers is refused by a sentence."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import built_package  # puts it on the path

import numpy
import tacit

try:
    import pandas
except ImportError:
    pandas = None

rng = numpy.random.default_rng(0)
truth = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 15)) + 5
gaps = rng.random(truth.shape) < 0.2
X = numpy.where(gaps, numpy.nan, truth)
settings = {"baselines": False, "folds": 3, "max_iter": 60}
completed, low, high, _ = tacit.complete(X, **settings)
assert numpy.sqrt(((completed - truth)[gaps] ** 2).mean()) < 0.1
assert (completed[~gaps] == truth[~gaps]).all() and (low[~gaps] == truth[~gaps]).all() and (low[gaps] < high[gaps]).all()


def same(values, what):
    assert type(values) is numpy.ndarray, (what, type(values))
    assert numpy.array_equal(values, completed), what


def refused(X, kind, *words):
    try:
        tacit.complete(X, **settings)
    except kind as error:
        assert all(word in str(error) for word in words), error
    else:
        raise AssertionError(words)


# ---- masks: whatever stands behind them, also NaN, inf, and a mask beside NaN; integers; no mask at all
for behind in [-999.0, numpy.nan, numpy.inf, 1e300]:
    same(tacit.complete(numpy.ma.masked_array(numpy.where(gaps, behind, truth), mask=gaps), **settings)[0], behind)
some = gaps & (rng.random(truth.shape) < 0.5)
same(tacit.complete(numpy.ma.masked_array(X, mask=some), **settings)[0], "a mask over some of the gaps, NaN in the others")
same(tacit.complete(numpy.ma.masked_invalid(X), **settings)[0], "masked_invalid")
same(tacit.complete(list(numpy.ma.masked_array(numpy.where(gaps, -999.0, truth), mask=gaps)), **settings)[0], "a list of masked rows")
masked = numpy.ma.masked_array(numpy.where(gaps, -999.0, truth), mask=gaps)
by = tacit.Completer(**settings).fit(masked)
for part in by.intervals(masked):
    assert type(part) is numpy.ndarray and (part[gaps] != -999).all()
same(by.transform(masked), "transform of a masked array")
whole = numpy.ma.masked_array(truth)
assert (by.transform(whole) == truth).all() and type(by.transform(whole)) is numpy.ndarray
integers = numpy.ma.masked_array(numpy.where(gaps, -999, numpy.round(10 * truth).astype(int)), mask=gaps)
filled = tacit.complete(integers, **settings)[0]
assert filled.dtype == float and (filled[~gaps] == integers.data[~gaps]).all()
assert numpy.sqrt(((filled - 10 * truth)[gaps] ** 2).mean()) < 3

# ---- other arrays
same(tacit.complete(X.tolist(), **settings)[0], "lists")
same(tacit.complete([[None if gap else value for value, gap in zip(*row)] for row in zip(truth, gaps)], **settings)[0], "None in lists")
same(tacit.complete(X.astype(object), **settings)[0], "objects")
same(tacit.complete(numpy.asfortranarray(X), **settings)[0], "by columns")
same(tacit.complete(numpy.repeat(X, 2, axis=0)[::2], **settings)[0], "with strides")
single = tacit.complete(X.astype(numpy.float32), **settings)[0]
assert single.dtype == numpy.float32 and (single[~gaps] == truth[~gaps].astype(numpy.float32)).all()
assert tacit.complete(truth > 5, **settings)[0].dtype == float
refused(numpy.where(gaps, numpy.inf, truth), ValueError, "infinite", f"X[{numpy.argwhere(gaps)[0][0]}, ")
refused(truth + 1j, ValueError, "Complex data not supported")
refused(X[:, 0], ValueError, "Expected 2D array, got 1D array", "Reshape your data")
refused(X[None], ValueError, "got 3D array")
refused([[1, 2], [3]], ValueError, "its rows differ in length")
refused(numpy.array([["3", "a"], ["4", "5"]] * 9), ValueError, "X[0, 1] is 'a', which is no number")
refused(numpy.zeros((20, 3), "datetime64[s]"), TypeError, "dates or times")
refused(numpy.full((9, 9), numpy.nan), ValueError, "0 observed entries")
refused(numpy.ma.masked_all((9, 9)), ValueError, "0 observed entries")
refused(numpy.zeros((0, 4)), ValueError, "0 sample")
refused(numpy.zeros((4, 0)), ValueError, "0 feature")
for changed, words in [({"max_iter": 0}, "max_iter is 0"), ({"folds": 1}, "folds is 1"), ({"budget": -1}, "budget is -1"), ({"n_jobs": 0}, "n_jobs is 0"),
                       ({"random_state": -3}, "random_state is -3"), ({"width": 2.5}, "width is 2.5"), ({"coverage": 1.5}, "coverage is 1.5"),
                       ({"depths": ()}, "no depth is given")]:
    try:
        tacit.complete(X, **{**settings, **changed})
    except ValueError as error:
        assert words in str(error), error
    else:
        raise AssertionError(words)
try:
    import scipy.sparse
    refused(scipy.sparse.csr_matrix(truth), TypeError, "sparse", "zeros or gaps")
except ImportError:
    print("no scipy: sparse matrices are not tried")

if pandas is None:
    print("no pandas: DataFrames are not tried")
    sys.exit(0)

# ---- DataFrames: index and names stay, whatever they are
index = pandas.MultiIndex.from_product([list("abcdefgh"), range(5)], names=["letter", "number"])
columns = [f"c{j}" for j in range(15)]
frame = pandas.DataFrame(X, index=index, columns=columns)
for part, of in zip(tacit.complete(frame, **settings)[:3], [completed, low, high]):
    assert isinstance(part, pandas.DataFrame) and part.index.equals(index) and list(part.columns) == columns
    assert numpy.array_equal(part.to_numpy(), of) and (part.dtypes == float).all()
assert frame.isna().to_numpy().sum() == gaps.sum(), "what was given stays as it is"
twice = pandas.DataFrame(X, columns=["a", "a", 3] + columns[3:])
assert list(tacit.complete(twice, **settings)[0].columns) == list(twice.columns)
by = tacit.Completer(**settings).fit(frame)
assert list(by.feature_names_in_) == columns == list(by.get_feature_names_out())
assert not hasattr(tacit.Completer(**settings).fit(twice), "feature_names_in_")
part = by.transform(frame.iloc[7:9])
assert numpy.array_equal(part.to_numpy(), completed[7:9]) and part.index.equals(index[7:9])
try:
    by.transform(frame[columns[::-1]])
except ValueError as error:
    assert "same order" in str(error), error
else:
    raise AssertionError("columns in another order")

# ---- nullable types, and others that hold numbers
rounded = pandas.DataFrame(numpy.round(X * 10), columns=columns)
tens = tacit.complete(rounded.to_numpy(), **settings)[0]
for kind in ["Int64", "Int16", "Float64", "Float32", "object", "Sparse[float64]", "category", "string"]:
    read = tacit.complete(rounded.astype(kind), **settings)[0]
    assert isinstance(read, pandas.DataFrame) and numpy.array_equal(read.to_numpy(), tens), kind
mixed = rounded.astype({"c0": "Int64", "c1": "Float64", "c2": "float32", "c3": "object"})
mixed["c3"] = mixed["c3"].where(mixed["c3"].notna(), None)
assert numpy.array_equal(tacit.complete(mixed, **settings)[0].to_numpy(), tens)
flags = pandas.DataFrame((truth > 5), columns=columns).astype("boolean").mask(gaps)
assert set(numpy.unique(tacit.complete(flags, **settings)[0].to_numpy()[~gaps])) == {0.0, 1.0}
refused(frame.assign(name="x"), ValueError, "column 'name'", "'x', which is no number")
refused(frame.assign(when=pandas.Timestamp("2020-01-01")), TypeError, "column 'when' holds dates")
refused(frame.assign(when=pandas.Timestamp("2020-01-01", tz="UTC")), TypeError, "column 'when' holds dates")
refused(frame.assign(c3=numpy.inf), ValueError, "infinite")
print("all as it should be")
