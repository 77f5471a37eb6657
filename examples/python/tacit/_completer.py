# SPDX-License-Identifier: MIT
"""Completion of tables with gaps as a scikit-learn estimator."""
import hashlib
import numbers
import warnings

import numpy

from . import _tacit
from ._features import features_of
from ._scikit import BaseEstimator, NotFittedError, TransformerMixin
from ._settings import bounds_of, depths_of, ordered_of, require_whole, scale_of, seed_of, threads_of, transforms_of
from ._tables import Table

_FITTED = frozenset({"feature_names_in_", "half_width_", "n_features_in_", "n_iter_", "report_"})
_COUNTED_SECONDS = 60  # of counted work at max_iter = 300


class Completer(TransformerMixin, BaseEstimator):
    """Fills the gaps of a table by the deep matrix factorization that folds of its own known entries choose, with intervals.

    fit compares methods on folds, chooses among the factorizations by validation entries (or another method with factors or means that is better on
    the folds beyond chance), and fits the chosen one to everything. transform leaves
    known entries as they are and fills the gaps: rows that were fitted get their completion, other rows are folded in (their known entries, and
    nothing else, decide on a row of factors; the rest of the model stays).

    X is a numpy array (NaN: a gap), a masked array (masked: a gap), a DataFrame (NaN, None and NA: gaps; index and names are kept), or lists.

    Parameters
    ----------
    max_iter : int, default=300
        Iterations at most of every fit that the search tries. The search as a whole may take the work of max_iter / 5 seconds on two nominal cores,
        counted in multiplications and not by a clock: the same result whatever else the machine does, and with any n_jobs.
    budget : float or None, default=None
        Seconds for the comparison by the clock instead. What then ends early depends on the machine.
    random_state : int, RandomState, Generator or None, default=1
        Seed of folds, starts and everything else that is drawn.
    n_jobs : int or None, default=-1
        Threads; -1: all cores, None: one.
    folds : int, default=5
        Parts of the known entries to compare methods on.
    depths : tuple of int, default=(2, 3)
        Depths of the factorizations that are tried.
    width : int or None, default=None
        Of their hidden layers; None: chosen.
    coverage : float, default=0.9
        Of the intervals, where gaps are as random as held out entries.
    baselines : bool, default=True
        Also compares means, nearest neighbours, ALS, SoftImpute and the minimum nuclear norm; but for nearest neighbours they can be chosen.
    transforms : str or dict, default="auto"
        Columns that are fitted by their logarithm or logit: "auto" (where validation entries say so), "none", "log", "logit" (where values allow it), or a
        dict of columns, by name or index, to one of the last three; other columns are chosen then as by "auto".
    range : tuple or dict, default=None
        (low, high) that predictions and intervals are clipped to, or a dict of columns to theirs.
    ordered : str, tuple or dict, default="auto"
        Modes whose order means something, so that methods that use neighbours are compared, too: "rows", "columns", both in a tuple, or a dict of them to where
        their lines stand (numbers or times, one each, in any order). "auto": those of a DataFrame whose index, or names of columns, are dates, times or numbers in
        even steps, if neighbours are alike; "none".
    scale : str, default="auto"
        Scales of lines, one decision for all methods: "auto", "none", "columns", "rows" or "both".
    stack : bool, default=True
        Also compares a weighted average of methods (not without baselines).
    race : bool, default=True
        Leaves methods that are hopeless on the first fold out of the others.

    Attributes
    ----------
    report_ : dict
        What was chosen, its error on test folds with its standard error, and the table of methods.
    half_width_ : float
        Half the width of an interval.
    n_iter_ : int
        Iterations of the fit to everything, summed over its stages (of fits rating by rating: 1; report_["settings"] has their epochs).
    n_features_in_ : int
        Columns of the table that was fitted.
    feature_names_in_ : ndarray of str
        Their names, where X was a DataFrame whose columns are all text.
    """

    def __init__(self, *, max_iter=300, budget=None, random_state=1, n_jobs=-1, folds=5, depths=(2, 3), width=None, coverage=0.9, baselines=True,
                 transforms="auto", range=None, ordered="auto", scale="auto", stack=True, race=True):
        self.max_iter = max_iter
        self.budget = budget
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.folds = folds
        self.depths = depths
        self.width = width
        self.coverage = coverage
        self.baselines = baselines
        self.transforms = transforms
        self.range = range
        self.ordered = ordered
        self.scale = scale
        self.stack = stack
        self.race = race

    def fit(self, X, y=None, *, row_features=None, column_features=None):
        """Learns from the known entries of X; y is ignored. Ctrl-C ends it within a second and leaves what was fitted before.

        row_features, column_features: what else is known of the rows, or columns, of X: an array or DataFrame with a line for each of them, numbers, or words
        (each a feature of 0 and 1); NaN and None are gaps. A DataFrame beside a DataFrame is matched by its index. Rows without any known entry are
        predicted from theirs, if that is better on rows held out. Rows that transform meets for the first time do without.
        """
        table = Table(X, "Completer.fit")
        self._require_enough(table.values)
        low, high = bounds_of(self.range, table)
        features = [features_of(given, table, mode) for mode, given in enumerate((row_features, column_features))]
        state, report = _tacit.fit(table.values, features=features, **self._settings(table, low, high))
        self._state, self._row_of, self._clip_to = state, {}, (low, high)
        self._fitted_rows = _digests(table.values)
        for i, digest in enumerate(self._fitted_rows):
            if row_features is None or not numpy.isnan(table.values[i]).all():  # a new row without entries is not the one whose features these were
                self._row_of.setdefault(digest, i)
        self.report_ = report
        self.half_width_ = report["half_width"]
        self.n_iter_ = max(1, report["iterations"])
        self.n_features_in_ = table.values.shape[1]
        self.__dict__.pop("feature_names_in_", None)
        if table.names is not None:
            self.feature_names_in_ = table.names
        return self

    def transform(self, X):
        """X with its gaps filled, in the kind that X is of."""
        table = self._checked(X, "transform")
        return table.like(self._completed(table.values)[0])

    def intervals(self, X):
        """(low, high), each like transform(X): where a gap's true value lies with probability `coverage`; known entries are their own."""
        table = self._checked(X, "intervals")
        completed, lines, row_of = self._completed(table.values)
        low, high = completed.copy(), completed.copy()
        if len(lines):
            gaps = numpy.isnan(table.values[lines])
            whole = _tacit.predict(self._state, table.values[lines], row_of)
            for end, found in zip((low, high), _tacit.intervals(self._state, table.values[lines], whole, row_of)):
                end[lines] = numpy.where(gaps, numpy.clip(found, *self._clip_to), completed[lines])
        return table.like(low), table.like(high)

    def get_feature_names_out(self, input_features=None):
        """The names of the columns that transform returns: those of X."""
        self._require_fitted("get_feature_names_out")
        names = self.__dict__.get("feature_names_in_")
        if input_features is None:
            return names if names is not None else numpy.array([f"x{j}" for j in range(self.n_features_in_)], dtype=object)
        input_features = numpy.asarray(input_features, dtype=object)
        if names is not None and not numpy.array_equal(names, input_features):
            raise ValueError("input_features is not equal to feature_names_in_")
        if len(input_features) != self.n_features_in_:
            raise ValueError(f"input_features should have length equal to number of features ({self.n_features_in_}), got {len(input_features)}")
        return input_features

    def __getattr__(self, name):  # only asked for what is not there
        if name in _FITTED and "_state" not in self.__dict__:
            self._require_fitted(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __sklearn_is_fitted__(self):
        return "_state" in self.__dict__

    def _more_tags(self):  # scikit-learn up to 1.5
        return {"allow_nan": True, "preserves_dtype": [numpy.float64, numpy.float32]}

    def __sklearn_tags__(self):  # from 1.6 on
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _require_fitted(self, what):
        if "_state" not in self.__dict__:
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate arguments before using {what!r}: "
                                 "fit comes before it.")

    def _checked(self, X, what):
        self._require_fitted(what)
        table = Table(X, f"Completer.{what}")
        self._check_names(table.names)
        if len(table.values) == 0:
            raise ValueError(f"Completer.{what}: Found array with 0 sample(s) (shape={table.values.shape}) while a minimum of 1 is required.")
        if table.values.shape[1] != self.n_features_in_:
            raise ValueError(f"X has {table.values.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input")
        return table

    def _check_names(self, names):
        fitted = self.__dict__.get("feature_names_in_")
        if names is None and fitted is None or names is not None and fitted is not None and numpy.array_equal(names, fitted):
            return
        who = type(self).__name__
        if fitted is None:
            warnings.warn(f"X has feature names, but {who} was fitted without feature names", stacklevel=4)
        elif names is None:
            warnings.warn(f"X does not have valid feature names, but {who} was fitted with feature names", stacklevel=4)
        else:
            raise ValueError("The feature names should match those that were passed during fit.\n" + _difference(names, fitted))

    def _completed(self, values):
        """The values without gaps; which rows had some, and which rows of the fit these are (-1: none)."""
        gaps = numpy.isnan(values)
        lines = numpy.flatnonzero(gaps.any(axis=1))
        digests = _digests(values)
        if digests == self._fitted_rows:  # equal rows may have features, or a place in the order, of their own
            row_of = lines.tolist()
        else:
            row_of = [self._row_of.get(digests[line], -1) for line in lines]
        completed = values.copy()
        if len(lines):
            completed[gaps] = numpy.clip(_tacit.predict(self._state, values[lines], row_of), *self._clip_to)[gaps[lines]]
        return completed, lines, row_of

    def _require_enough(self, values):
        n, p = values.shape
        if n == 0:
            raise ValueError(f"Completer.fit: Found array with 0 sample(s) (shape={values.shape}) while a minimum of 1 is required.")
        if p == 0:
            raise ValueError(f"Completer.fit: Found array with 0 feature(s) (shape={values.shape}) while a minimum of 1 is required.")
        known = int(numpy.count_nonzero(~numpy.isnan(values)))
        if known < 3 * self.folds:
            raise ValueError(f"Completer.fit: {known} observed entries (n_samples={n}, n_features={p}) are too few for folds={self.folds} with "
                             f"validation entries; {3 * self.folds} are needed, or fewer folds")

    def _settings(self, table, low, high):
        require_whole("max_iter", self.max_iter, 1)
        require_whole("folds", self.folds, 2)
        if self.width is not None:
            require_whole("width", self.width, 1)
        if not (isinstance(self.coverage, numbers.Real) and 0 < self.coverage < 1):
            raise ValueError(f"Completer: coverage is {self.coverage!r}, it needs to lie between 0 and 1")
        transform, transforms = transforms_of(self.transforms, table)
        counted = self.budget is None
        if not counted and not (isinstance(self.budget, numbers.Real) and 0 < self.budget < float("inf")):
            raise ValueError(f"Completer: budget is {self.budget!r}, it needs to be a positive number of seconds, or None for counted work")
        return {"folds": self.folds, "iterations": self.max_iter, "counted": counted, "depths": depths_of(self.depths), "width": self.width or 0,
                "budget": _COUNTED_SECONDS * self.max_iter / 300 if counted else float(self.budget), "coverage": float(self.coverage),
                "baselines": bool(self.baselines), "seed": seed_of(self.random_state), "threads": threads_of(self.n_jobs), "transform": transform,
                "transforms": transforms, "ranges": [(j, low[j], high[j]) for j in numpy.flatnonzero(numpy.isfinite(low))],
                "ordered": ordered_of(self.ordered, table), "scaling": scale_of(self.scale), "stack": bool(self.stack), "race": bool(self.race)}


def complete(X, *, row_features=None, column_features=None, **settings):
    """(completed, low, high, report): X with its gaps filled, 90 % intervals, and what was chosen why. Settings are those of Completer, features those of
    Completer.fit; the first three are of the kind that X is of, an array or a DataFrame."""
    by = Completer(**settings).fit(X, row_features=row_features, column_features=column_features)
    return (by.transform(X), *by.intervals(X), by.report_)


def _digests(values):
    """16 bytes for each row, the same for the same numbers and gaps."""
    canonical = numpy.where(numpy.isnan(values), numpy.nan, values) + 0.0  # one NaN, one zero
    return [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in canonical]


def _difference(names, fitted):
    text = ""
    for title, some in [("unseen at fit time", sorted(set(names) - set(fitted))), ("seen at fit time, yet now missing", sorted(set(fitted) - set(names)))]:
        if some:
            text += f"Feature names {title}:\n" + "".join(f"- {name}\n" for name in some[:5]) + ("- ...\n" if len(some) > 5 else "")
    return text or "Feature names must be in the same order as they were in fit.\n"
