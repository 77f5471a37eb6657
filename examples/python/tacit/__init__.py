# SPDX-License-Identifier: MIT
"""Tables with gaps completed by deep matrix factorizations, and what gradient descent does while it trains one.

completed, low, high, report = tacit.complete(X)    X: array, masked array, DataFrame or lists; NaN, None, NA and masked cells are gaps
tacit.Completer().fit_transform(X)                  the same as a scikit-learn estimator: pipelines, clone, pickle, new rows
columns = tacit.run(X, widths=[100, 100, 100])      trajectories of a training run, by any optimizer of tacit.optimizers()
"""
from ._completer import Completer, complete
from ._run import run
from ._tacit import __version__, optimizers

__all__ = ["Completer", "complete", "optimizers", "run", "__version__"]
