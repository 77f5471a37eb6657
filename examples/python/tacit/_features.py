# SPDX-License-Identifier: MIT
"""What else is known of the rows, or columns, of X: numbers and categories, as the compiled half takes them."""
import sys
import warnings

import numpy


def features_of(features, table, mode):
    """(columns, line of X that each of their items belongs to): columns are (name, numbers) or (name, words), gaps NaN or empty. A DataFrame beside a DataFrame is
    matched by its index, all else by its order."""
    if features is None:
        return [], []
    pandas = sys.modules.get("pandas")
    who, lines = f"Completer.fit: {('row', 'column')[mode]}_features", ("rows", "columns")[mode]
    if pandas is not None and isinstance(features, pandas.Series):
        features = features.to_frame(features.name or "feature")
    framed = pandas is not None and isinstance(features, pandas.DataFrame)
    count = table.values.shape[mode]
    if framed and table.frame is not None:
        line_of = _lines_by_name(features.index, table.frame.axes[mode], who, lines)
        features, line_of = features[line_of >= 0], line_of[line_of >= 0]
    else:
        try:
            features = features if framed else numpy.asarray(features)
        except ValueError:
            raise ValueError(f"{who} is no table, its lines differ in length") from None
        if features.ndim == 1:
            features = features.reshape(-1, 1)
        if features.ndim != 2 or len(features) != count:
            raise ValueError(f"{who} is of shape {features.shape}, X has {count} {lines}")
        line_of = numpy.arange(count)
    names = [str(name) for name in features.columns] if framed else [f"feature {k}" for k in range(features.shape[1])]
    columns = [features.iloc[:, k].astype(object).to_numpy() if framed else features[:, k].astype(object) for k in range(features.shape[1])]
    return [(name, _numbers_or_words(column, f"{who}: {name}", pandas)) for name, column in zip(names, columns)], line_of.tolist()


def _lines_by_name(index, of, who, lines):
    if index.has_duplicates:
        raise ValueError(f"{who}: {index[index.duplicated()][0]!r} comes twice in its index")
    if not of.is_unique:
        if index.equals(of):
            return numpy.arange(len(of))
        raise ValueError(f"{who}: the {lines} of X have names that come twice, so that their features cannot be found by name; pass an array")
    line_of = of.get_indexer(index)
    unknown = index[line_of < 0]
    if len(unknown) == len(index):
        raise ValueError(f"{who}: names none of the {lines} of X; its first is {index[0]!r}, the first of X is {of[0]!r}" if len(index) else f"{who} is empty")
    if len(unknown):
        warnings.warn(f"{who}: {len(unknown)} of its lines are no {lines} of X, the first {unknown[0]!r}, and passed over", stacklevel=5)
    return line_of


def _numbers_or_words(cells, who, pandas):
    missing = (None,) if pandas is None else (None, pandas.NA)
    gaps = numpy.array([any(cell is one for one in missing) or cell != cell for cell in cells], dtype=bool)
    if any(isinstance(cell, str) for cell in cells[~gaps]):
        return ["" if gap else str(cell) for cell, gap in zip(cells, gaps)]
    try:
        values = numpy.array([numpy.nan if gap else float(cell) for cell, gap in zip(cells, gaps)])
    except (TypeError, ValueError):
        raise ValueError(f"{who} holds {type(cells[~gaps][0]).__name__}, neither numbers nor words; leave it out, or make numbers of it") from None
    if numpy.isinf(values).any():
        raise ValueError(f"{who} holds an infinite number")
    return values.tolist()
