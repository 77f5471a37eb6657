# SPDX-License-Identifier: MIT
"""Trajectories of a training run as arrays."""
from . import _tacit
from ._tables import Table


def run(X, *, widths, rate=1e-3, optimizer="", iterations=40_000, every=100, product_scale=1e-3, stop=1e-6, seed=1):
    """Trains W = W_N ... W_1 of these widths (from columns to rows) on the entries of X that are known.

    Returns a dict of arrays: "iteration", "loss", "gradient_norm", "effective_rank", "nuclear_norm", ten singular values; and "reason", why it ended.
    `optimizer`: text as "adam({.rate = 1e-3})", of the names that optimizers() lists; empty: GroupRMSprop at `rate`. Ctrl-C ends it within a second.
    """
    return _tacit.run(Table(X, "run").values, widths=list(widths), rate=rate, optimizer=optimizer, iterations=iterations, every=every,
                      product_scale=product_scale, stop=stop, seed=seed)
