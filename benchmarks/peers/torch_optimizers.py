#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A step of Adam, Muon and L-BFGS in PyTorch on the task of torch_step.py, its loss by autograd, predictions picked by index or by a 0/1 mask.

  adam_index, adam_mask      torch.optim.Adam with its defaults
  muon_index, muon_mask      Muon by hand: exponential average and Nesterov, five Newton-Schulz iterations a factor, scale sqrt(max(1, rows / cols))
  lbfgs_index, lbfgs_mask    torch.optim.LBFGS with strong Wolfe and ten pairs: one call is the first 100 steps from the start

  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 torch_optimizers.py          a table as CSV, microseconds of CPU time a step
With --serve it takes turns with bench_summary, as torch_step.py does.
"""
import sys

from torch_step import TYPES, Steps, fail, problem, serve

try:
    import torch
except ImportError:
    fail(f"{sys.executable} has no torch (Debian, Ubuntu: python3-torch)")

LBFGS_STEPS = 100


class Muon:
    """The rule of KellerJordan's muon.py, in the type of the parameters."""

    def __init__(self, factors, lr=0.02, momentum=0.95, steps=5):
        self.factors, self.lr, self.momentum, self.steps = factors, lr, momentum, steps
        self.buffers = [torch.zeros_like(W) for W in factors]

    def zero_grad(self):
        for W in self.factors:
            W.grad = None

    @torch.no_grad()
    def step(self):
        a, b, c = 3.4445, -4.7750, 2.0315
        for W, m in zip(self.factors, self.buffers):
            m.lerp_(W.grad, 1 - self.momentum)
            X = W.grad.lerp(m, self.momentum)
            tall = X.shape[0] > X.shape[1]
            if tall:
                X = X.t()
            X = X / (X.norm() + 1e-7)
            for _ in range(self.steps):
                A = X @ X.t()
                X = torch.addmm(X, torch.addmm(A, A, A, alpha=c, beta=b), X, beta=a)
            if tall:
                X = X.t()
            W.add_(X, alpha=-self.lr * max(1, W.shape[0] / W.shape[1]) ** 0.5)


def make(implementation, dtype, n, depth, density):
    n, depth, density = int(n), int(depth), float(density)
    name, how = implementation.split("_")
    truth, rows, cols, mask, factors = problem(n, depth, TYPES[dtype], density)
    y, m = truth[rows, cols], len(rows)
    start = [W.clone() for W in factors]
    factors = [torch.nn.Parameter(W) for W in factors]

    def loss():
        product = factors[0]
        for W in factors[1:]:
            product = product @ W
        return ((product - truth) * mask).pow(2).sum() / m if how == "mask" else (product[rows, cols] - y).pow(2).mean()

    if name == "lbfgs":

        def step():
            with torch.no_grad():
                for W, W0 in zip(factors, start):
                    W.copy_(W0)
            optimizer = torch.optim.LBFGS(factors, max_iter=LBFGS_STEPS, max_eval=10**9, tolerance_grad=0, tolerance_change=0,
                                          history_size=10, line_search_fn="strong_wolfe")

            def closure():
                optimizer.zero_grad()
                value = loss()
                value.backward()
                return value

            return optimizer.step(closure).item()

        return step
    optimizer = torch.optim.Adam(factors) if name == "adam" else Muon(factors, lr=1e-3)

    def step():
        value = loss()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.item()

    return step


def table():
    print("implementation,type,n,depth,us")
    for implementation in (f"{name}_{how}" for name in ("adam", "muon", "lbfgs") for how in ("index", "mask")):
        steps = Steps(make(implementation, "double", 100, 3, 0.2))
        blocks = sorted(steps.microseconds(5e-3) for _ in range(10))
        us = blocks[len(blocks) // 2] / (LBFGS_STEPS if implementation.startswith("lbfgs") else 1)
        print(implementation, "double", 100, 3, f"{us:.1f}", sep=",", flush=True)


if __name__ == "__main__":
    serve(make) if "--serve" in sys.argv else table()
