#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The random draws of the reference runs for Cohen et al. 2025, which tests/papers/central.hpp reads: numpy's generator, seeds 0 to 5.

A line of cohen2025_draws.txt: name, seed, numbers exact in decimal, matrices row by row. Without an argument the file is written anew; with
--check the values are compared with those of the file to 1e-12, since QR decompositions round differently. Exit 0: written, or equal;
1: they differ."""
import os
import sys

import numpy as np


def diagonal(seed, n=10, d=20):
    """X / sqrt(n) = U diag(2/j) V', V the first n columns of an orthogonal d x d matrix; targets X b; the start w."""
    r = np.random.default_rng(seed)
    U = np.linalg.qr(r.standard_normal((n, n)))[0]
    V = np.linalg.qr(r.standard_normal((d, d)))[0][:, :n]
    yield "diagonal_X", U @ np.diag(2 / np.arange(1, n + 1)) @ V.T
    yield "diagonal_b", r.uniform(0.2, 1, d)
    yield "diagonal_w", r.uniform(0.1, 0.3, d)


def completion(seed, d=6, rank=2, depth=3):
    """A d x d matrix of spectral norm 3, the entries that are seen (1 or 0), and factors of variance 1, the first applied first. The start
    is .5 / sqrt(d) times the first two at depth 2, .9 / sqrt(d) times all at depth 3."""
    r = np.random.default_rng(seed)
    W = r.standard_normal((d, rank)) @ r.standard_normal((rank, d))
    yield "completion_W", W * 3 / np.linalg.norm(W, 2)
    yield "completion_seen", 1 * (r.random((d, d)) < 0.6)
    yield "completion_factors", r.standard_normal((depth, d, d))


draws = [(name, seed, values.ravel()) for seed in range(6) for draw in (diagonal, completion) for name, values in draw(seed)]
lines = [f"{name} {seed} " + " ".join(f"{x:.17g}" for x in values) for name, seed, values in draws]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cohen2025_draws.txt")
if sys.argv[1:] == ["--check"]:
    with open(path) as file:
        kept = [line.split() for line in file if line[0] != "#"]
    now = [line.split() for line in lines]
    same = [a[:2] + [len(a)] for a in kept] == [b[:2] + [len(b)] for b in now]
    if same:
        off = {" ".join(a[:2]): np.abs(np.array(a[2:], float) - np.array(b[2:], float)).max() for a, b in zip(kept, now)}
        for name in off:
            if not off[name] <= 1e-12:
                print(f"cohen2025_draws.txt: {name} is off by {off[name]}")
    else:
        print("cohen2025_draws.txt: its lines have other names or lengths than numpy's")
    sys.exit(not (same and all(x <= 1e-12 for x in off.values())))
with open(path, "w") as file:
    file.write("# Written by cohen2025_draws.py: name, seed, numbers.\n" + "\n".join(lines) + "\n")
