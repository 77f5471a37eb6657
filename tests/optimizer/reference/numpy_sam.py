#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sharpness-aware minimisation in numpy, from its formulas, on a quadratic plus a quartic in six parameters:
f(x) = 1/2 (x - c)' A (x - c) + 1/4 sum_k q_k x_k^4. At larger rates normalised SAM comes by the
minimum within the hundred steps, where g / |g| makes 1e-9 of a rounding error. Writes numpy_sam.txt; with --check it compares instead (exit 1: they differ)."""
import os
import sys

import numpy as np

n = 6
k = np.arange(n)
A = np.diag(0.5 + 0.5 * k) + np.diag(np.full(n - 1, 0.2), 1) + np.diag(np.full(n - 1, 0.2), -1)
c = (5 * k % 6) / 3 - 1
q = 0.1 * (1 + k % 3)
start = (3 * k + 2) % 5 / 2 - 0.9


def gradient(x):
    return A @ (x - c) + q * x**3


def sam(rho, normalised, rate=0.1):
    x = start.copy()
    while True:
        g = gradient(x)
        e = rho * g / (np.linalg.norm(g) + 1e-12) if normalised else rho * g
        x = x - rate * gradient(x + e)
        yield x


def asam(rho, floor, rate=0.1):
    x = start.copy()
    while True:
        g, t = gradient(x), np.abs(x) + floor
        x = x - rate * gradient(x + rho * t**2 * g / (np.linalg.norm(t * g) + 1e-16))
        yield x


cases = {"sam": sam(0.05, True, rate=0.02), "sam_plain": sam(0.1, False), "asam": asam(0.5, 0.01)}
lines = [f"{name} {t} " + " ".join(f"{x:.17g}" for x in next(run)) for name, run in cases.items() for t in range(1, 101)]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpy_sam.txt")
if sys.argv[1:] == ["--check"]:
    with open(path) as file:
        kept = [line.split() for line in file if line[0] != "#"]
    now = [line.split() for line in lines]
    same = [a[:2] for a in kept] == [b[:2] for b in now]
    sys.exit(not (same and all(np.abs(np.array(a[2:], float) - np.array(b[2:], float)).max() <= 1e-12 for a, b in zip(kept, now))))
with open(path, "w") as file:
    file.write("# Written by numpy_sam.py: name, step, the six parameters after it.\n" + "\n".join(lines) + "\n")
