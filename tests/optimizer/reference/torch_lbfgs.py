#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Iterates and evaluation counts of torch.optim.LBFGS with strong Wolfe, written to torch_lbfgs.txt beside this file:

  /usr/bin/python3 torch_lbfgs.py          Debian, Ubuntu: python3-torch

The objective is  sum_k a_k x_k^2 / 2 + c (x_k - x_{k+1})^4 + e x_k^4,  a_k geometric from 1 to the condition, the start x_k = cos(1 + 2 k) scale: no random
numbers, so that the test writes it again. Iterate t is where a run of max_iter = t ends, so that neither its stopping nor its counting is touched.
A line per setting: name n condition c e scale rate memory steps; then per step: evaluations so far and x.
"""
import math
import os

import torch

torch.set_num_threads(1)
#            name, n, condition, c, e, scale, rate, memory, most steps
SETTINGS = [("quadratic", 6, 20.0, 0.0, 0.0, 1.0, 1.0, 100, 60),
            ("quartic", 8, 30.0, 0.5, 0.1, 2.0, 1.0, 100, 60),
            ("short_memory", 12, 50.0, 0.2, 0.05, 1.5, 1.0, 3, 60),
            ("small_rate", 10, 10.0, 0.3, 0.2, 3.0, 0.2, 5, 60),
            ("large_rate", 10, 10.0, 0.0, 0.3, 4.0, 5.0, 10, 60)]


def objective(x, a, c, e):
    return (a * x * x).sum() / 2 + c * ((x[:-1] - x[1:]) ** 4).sum() + e * (x**4).sum()


def run(n, condition, c, e, scale, rate, memory, iterations):
    a = torch.tensor([condition ** (k / (n - 1)) for k in range(n)], dtype=torch.float64)
    x = torch.tensor([math.cos(1 + 2 * k) * scale for k in range(n)], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([x], lr=rate, max_iter=iterations, max_eval=10**9, history_size=memory, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = objective(x, a, c, e)
        loss.backward()
        return loss

    optimizer.step(closure)
    state = optimizer.state[x]
    return state["n_iter"], state["func_evals"], x.detach().tolist()


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_lbfgs.txt"), "w") as out:
        for name, *numbers, most in SETTINGS:
            rows, previous = [], None
            for t in range(1, most + 1):
                made, evaluations, x = run(*numbers, t)
                if made < t or x == previous:  # it has stopped before, or stands still
                    break
                rows.append((evaluations, x))
                previous = x
            print(name, *[repr(v) for v in numbers], len(rows), file=out)
            for evaluations, x in rows:
                print(evaluations, *[repr(v) for v in x], file=out)
            print(name, len(rows), "steps", rows[-1][0], "evaluations")


if __name__ == "__main__":
    main()
