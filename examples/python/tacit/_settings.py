# SPDX-License-Identifier: MIT
"""What Completer may be asked for, checked and in the form that the compiled half takes."""
import difflib
import numbers
import os
import sys

import numpy

from . import _tacit


def column(name, table, what):
    """The index of a column that is called by its name, or by its index."""
    names = [] if table.names is None else list(table.names)
    if name in names:
        return names.index(name)
    if isinstance(name, numbers.Integral) and not isinstance(name, bool) and 0 <= name < table.values.shape[1]:
        return int(name)
    near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.0) or [f"0 to {table.values.shape[1] - 1}"]
    raise ValueError(f"Completer: {what} names {name!r}, which is no column of X; the nearest are {', '.join(near)}")


_TRANSFORMS = ("auto", "none", "log", "logit")


def transforms_of(asked, table):
    """The place of a word among auto, none, log, logit; and those of single columns as (index, kind)."""
    if not isinstance(asked, dict):
        if asked not in _TRANSFORMS:
            raise ValueError(f"Completer: transforms is {asked!r}, it needs to be auto, none, log, logit or a dict of columns")
        return _TRANSFORMS.index(asked), []
    columns = []
    for name, word in asked.items():
        if word not in _TRANSFORMS[1:]:
            raise ValueError(f"Completer: transforms of {name!r} is {word!r}, it needs to be none, log or logit")
        columns.append((column(name, table, "transforms"), {"none": 0, "log": 1, "logit": 3}[word]))
    return 0, columns


def bounds_of(asked, table):
    """Lower and upper bounds of all columns."""
    low, high = numpy.full(table.values.shape[1], -numpy.inf), numpy.full(table.values.shape[1], numpy.inf)
    if asked is None:
        return low, high
    for name, bounds in asked.items() if isinstance(asked, dict) else [(None, asked)]:
        of = "" if name is None else f" of {name!r}"
        try:
            first, last = (float(x) for x in bounds)
        except (TypeError, ValueError):
            raise ValueError(f"Completer: range{of} is {bounds!r}, it needs to be (low, high), or a dict of columns to such") from None
        if not (-numpy.inf < first < last < numpy.inf):
            raise ValueError(f"Completer: range{of} is {bounds!r}, it needs two finite numbers, the lower one first")
        at = slice(None) if name is None else column(name, table, "range")
        low[at], high[at] = first, last
    return low, high


def require_whole(name, value, least):
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"Completer: {name} is {value!r}, it needs to be a whole number of at least {least}")


def seed_of(random_state):
    if random_state is None:
        return int(numpy.random.randint(2**31 - 1))
    if isinstance(random_state, numpy.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    if isinstance(random_state, numpy.random.Generator):
        return int(random_state.integers(2**31 - 1))
    if isinstance(random_state, numbers.Integral) and random_state >= 0:
        return int(random_state)
    raise ValueError(f"Completer: random_state is {random_state!r}, it needs to be a whole number of at least 0, a RandomState, a Generator or None")


def threads_of(n_jobs):
    """As scikit-learn counts: -1 all cores, -2 all but one."""
    if n_jobs is None:
        return 1
    require_whole("n_jobs", n_jobs, -(2**31))
    if n_jobs == 0:
        raise ValueError("Completer: n_jobs is 0; -1 means all cores")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return int(n_jobs) if n_jobs > 0 else max(1, cores + 1 + int(n_jobs))


def depths_of(depths):
    depths = [depths] if isinstance(depths, numbers.Integral) else depths
    try:
        depths = list(depths)
    except TypeError:
        raise ValueError(f"Completer: depths is {depths!r}, it needs to be whole numbers, as in (2, 3)") from None
    for depth in depths:
        require_whole("depths", depth, 1)
    return [int(depth) for depth in depths]


_SCALES = ("auto", "none", "columns", "rows", "both")


def scale_of(word):
    if word not in _SCALES:
        raise ValueError(f"Completer: scale is {word!r}, it needs to be {', '.join(_SCALES[:-1])} or {_SCALES[-1]}")
    return _SCALES.index(word)


_MODES = ("rows", "columns")


def ordered_of(asked, table):
    """(mode, places, found by what) of the modes whose order means something: places are empty where lines stand in even steps; `found` is empty where asked for."""
    if asked is None or isinstance(asked, str) and asked == "none":
        return []
    if isinstance(asked, str) and asked == "auto":
        return [one for one in (_by_labels(mode, table) for mode in (0, 1)) if one is not None]
    places = asked if isinstance(asked, dict) else {word: None for word in (asked if isinstance(asked, (list, tuple)) else [asked])}
    orders = []
    for word, at in places.items():
        if word not in _MODES:
            raise ValueError(f"Completer: ordered names {word!r}, it needs to be auto, none, rows, columns, both of these, or a dict of them to where "
                             "their lines stand")
        mode = _MODES.index(word)
        known = _by_labels(mode, table) if at is None else None
        orders.append((mode, (known[1] if known else []) if at is None else _places(word, at, table.values.shape[mode]), ""))
    return orders


def _by_labels(mode, table):
    """What the index, or the names of the columns, of a DataFrame say, by the rules for tables in files; a plain count of the rows says nothing."""
    pandas = sys.modules.get("pandas")
    if table.frame is None or isinstance(table.frame.axes[mode], (pandas.RangeIndex, pandas.MultiIndex)):
        return None
    index = table.frame.axes[mode]
    found = _tacit.order_of_labels([str(label) for label in index], str(index.name or ""))
    return None if found is None else (mode, found[1], found[0])


def _places(word, at, count):
    at = numpy.asarray(at)
    if at.dtype.kind in "mM":
        at = (at - at.min()) / numpy.timedelta64(1, "s")
    try:
        at = at.astype(numpy.float64)
    except (TypeError, ValueError):
        raise ValueError(f"Completer: ordered: the places of the {word} need to be numbers or times") from None
    if at.shape != (count,):
        raise ValueError(f"Completer: ordered: {at.shape} places for {count} {word}")
    if not numpy.isfinite(at).all():
        raise ValueError(f"Completer: ordered: one of the places of the {word} is not finite")
    if len(numpy.unique(at)) < count:
        raise ValueError(f"Completer: ordered: two of the {word} stand at the same place")
    return at.tolist()
