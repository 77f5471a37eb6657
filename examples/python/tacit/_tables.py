# SPDX-License-Identifier: MIT
"""What people keep tables in, read as one array of doubles in which NaN is a gap, and given back as it came.

read: numpy arrays of any number type, masked arrays (masked: a gap), lists, DataFrames with nullable types, whatever has __array__;
refused by a sentence: sparse matrices, complex numbers, text, dates, other than two dimensions, infinite values.
"""
import sys

import numpy


class Table:
    """X as `values` (doubles, NaN: a gap), and how to give back an array of its shape in its kind: like(values)."""

    def __init__(self, X, who):
        pandas = sys.modules.get("pandas")  # whoever has a DataFrame has imported it
        self.frame = X if pandas is not None and isinstance(X, pandas.DataFrame) else None
        self.dtype = numpy.float64
        if self.frame is not None:
            values = _of_frame(X, pandas, who)
        else:
            values = self._of_array(X, pandas, who)
        infinite = numpy.argwhere(numpy.isinf(values))
        if len(infinite):
            i, j = infinite[0]
            raise ValueError(f"{who}: X[{i}, {j}] is infinite; NaN, NA or a mask marks what is not known, and inf is no number to learn from")
        self.values = values

    @property
    def names(self):
        """Column names as scikit-learn has them: an array of texts, or None."""
        if self.frame is None or not len(self.frame.columns) or not all(isinstance(name, str) for name in self.frame.columns):
            return None
        return numpy.asarray(self.frame.columns, dtype=object)

    def like(self, values):
        """These values as a DataFrame with the names and the index of X, or as an array of its float type."""
        if self.frame is None:
            return values.astype(self.dtype, copy=False)
        return type(self.frame)(values, index=self.frame.index, columns=self.frame.columns)

    def _of_array(self, X, pandas, who):
        if _is_sparse(X):
            raise TypeError(f"{who}: X is a sparse matrix; what it does not store could be zeros or gaps. Pass X.toarray() where they are zeros, "
                            "or an array with NaN in the gaps")
        mask = None
        if isinstance(X, numpy.ma.MaskedArray):
            mask = numpy.ma.getmaskarray(X)
            X = X.data
        elif isinstance(X, (list, tuple)) and any(isinstance(row, numpy.ma.MaskedArray) for row in X):
            stacked = numpy.ma.stack(X)
            mask, X = numpy.ma.getmaskarray(stacked), stacked.data
        try:
            array = numpy.asarray(X)
        except ValueError as error:
            raise ValueError(f"{who}: X is no table, its rows differ in length ({error})") from None
        if array.ndim != 2:
            what = "scalar array" if array.ndim == 0 else f"{array.ndim}D array"
            raise ValueError(f"{who}: Expected 2D array, got {what} instead. Reshape your data using array.reshape(-1, 1) if it has one column, "
                             "or array.reshape(1, -1) if it is one row.")
        if array.dtype in (numpy.float32, numpy.float64):
            self.dtype = array.dtype
        values = _numbers(array, mask, pandas, who, "X")
        if mask is not None:
            values = numpy.where(mask, numpy.nan, values)
        return values


def _is_sparse(X):
    return hasattr(X, "toarray") and hasattr(X, "nnz")


def _numbers(array, mask, pandas, who, name):
    """Doubles of an array of any type; behind the mask whatever."""
    kind = array.dtype.kind
    if kind in "fiub":
        return array.astype(numpy.float64, copy=False)
    if kind == "c":
        raise ValueError(f"{who}: Complex data not supported: {name} is of {array.dtype}. Complete its real and imaginary parts as columns of their own")
    if kind in "mM":
        raise TypeError(f"{who}: {name} holds dates or times ({array.dtype}); Tacit completes numbers: leave it out, or make numbers of it")
    if kind == "O":
        gaps = numpy.frompyfunc(lambda cell: cell is None or pandas is not None and cell is pandas.NA, 1, 1)(array).astype(bool)
        if mask is not None:
            gaps |= mask
        array = numpy.where(gaps, numpy.nan, array)
        for place in numpy.argwhere(numpy.frompyfunc(lambda cell: isinstance(cell, complex), 1, 1)(array).astype(bool))[:1]:
            raise ValueError(f"{who}: Complex data not supported: {name}{list(place)} is {array[tuple(place)]!r}")
    try:
        return array.astype(numpy.float64)
    except (TypeError, ValueError) as error:
        cell = _first_bad(array)
        raise type(error)(f"{who}: {name}{list(cell[0])} is {cell[1]!r}, which is no number; leave that column out or encode it ({error})"
                          if cell else f"{who}: {name}: {error}") from None


def _first_bad(array):
    """Where the first cell that is no number stands, and the cell."""
    for place in numpy.ndindex(array.shape):
        try:
            float(array[place])
        except (TypeError, ValueError):
            return place, array[place]
    return None


def _of_frame(X, pandas, who):
    values = numpy.empty(X.shape)
    for j in range(X.shape[1]):  # by place: names may stand twice
        column, name = X.iloc[:, j], f"column {X.columns[j]!r}"
        dtype = column.dtype
        if isinstance(dtype, numpy.dtype):
            array = column.to_numpy()
        elif pandas.api.types.is_datetime64_any_dtype(dtype) or isinstance(dtype, pandas.PeriodDtype):
            raise TypeError(f"{who}: {name} holds dates or times ({dtype}); Tacit completes numbers: leave it out, or make numbers of it")
        elif isinstance(dtype, pandas.SparseDtype):
            array = numpy.asarray(column)
        elif pandas.api.types.is_numeric_dtype(dtype) or pandas.api.types.is_bool_dtype(dtype) and not isinstance(dtype, pandas.CategoricalDtype):
            array = column.to_numpy(dtype=numpy.float64, na_value=numpy.nan)  # nullable, or Arrow's
        else:
            array = column.astype(object).to_numpy()  # categories of numbers, texts of numbers; other texts are refused below
        values[:, j] = _numbers(array, None, pandas, who, name)
    return values
