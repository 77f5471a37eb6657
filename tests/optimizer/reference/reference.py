# SPDX-License-Identifier: MIT
"""The problem that optimizers of other programs are compared on, and the files of their results.

The problem, in twelve parameters:  f(x) = 1/2 (x - c)' A (x - c) + 1/4 sum_k q_k x_k^4,  A tridiagonal. reader.hpp has the same numbers.
A script calls main(file, cases): cases maps a name to a function of nothing that yields theta after each of 100 steps. Without an argument the file is
written anew; with --check the values are compared with those of the file. Exit 0: written, or equal; 1: they differ.
"""
import os
import sys

import numpy as np

n = 12
k = np.arange(n)
A = np.diag(0.5 + 0.25 * k) + np.diag(np.full(n - 1, 0.2), 1) + np.diag(np.full(n - 1, 0.2), -1)
c = (7 * k % 12) / 6 - 1
q = 0.1 * (1 + k % 3)
start = (5 * k + 3) % 12 / 6 - 0.9


def gradient(x):
    return A @ (x - c) + q * x**3


STEPS = (1, 10, 100)


def values(cases):
    for name, run in cases.items():
        for t, theta in enumerate(run(), 1):
            if t in STEPS:
                yield name, t, np.array(theta, dtype=float)


def main(file, cases):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), file)
    if sys.argv[1:] == ["--check"]:
        with open(path) as lines:
            kept = {tuple(line.split()[:2]): np.array(line.split()[2:], dtype=float) for line in lines if line[0] != "#"}
        wrong = 0
        for name, t, theta in values(cases):
            there = kept.pop((name, str(t)), np.full(n, np.nan))
            if not np.abs(theta - there).max() <= 1e-12:
                wrong += 1
                print(f"{file}: {name}, step {t}: the file has\n{there}\nthe program gives\n{theta}")
        for name, t in kept:
            wrong += 1
            print(f"{file}: no case makes {name}, step {t}")
        sys.exit(wrong > 0)
    with open(path, "w") as out:
        out.write(f"# Written by {os.path.basename(sys.argv[0])}: name, step, the twelve parameters after it.\n")
        for name, t, theta in values(cases):
            out.write(f"{name} {t} " + " ".join(f"{x:.17g}" for x in theta) + "\n")
