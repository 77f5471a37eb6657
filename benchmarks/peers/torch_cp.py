#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CP completion in plain PyTorch: full-batch gradient descent on the observed entries of an n x ... x n tensor, factors of R columns.

  einsum    as a researcher writes it: torch.einsum forms W, predictions are picked by index, autograd
  by_hand   W as a matrix, the product of two Khatri-Rao products: three matrix products a step, the residual masked in place, updates in place

Alone it prints a table as CSV, microseconds of CPU time a step (median of short blocks). bench_summary starts it with --serve, as torch_step.py: a line is
"implementation type order n R density seconds".
"""
import sys

from torch_step import RATE, TYPES, Steps, serve, torch


def problem(order, n, R, dtype, density, rank=5):
    torch.manual_seed(0)
    letters = "abcdef"[:order]
    formula = ",".join(c + "z" for c in letters) + "->" + letters
    truth = torch.einsum(formula, *[torch.randn(n, rank, dtype=dtype) for _ in range(order)])
    picked = torch.randperm(n**order)[: int(density * n**order)]
    index, rest = [], picked
    for _ in range(order):
        index.insert(0, rest % n)
        rest = rest // n
    mask = torch.zeros(n**order, dtype=dtype)
    mask[picked] = 1
    factors = [torch.randn(n, R, dtype=dtype) * (0.1 / R) ** (1 / order) for _ in range(order)]
    return formula, truth, tuple(index), mask.view(truth.shape), factors


def einsum(*what):
    formula, truth, index, _, factors = problem(*what)
    y = truth[index]
    factors = [torch.nn.Parameter(A) for A in factors]
    optimizer = torch.optim.SGD(factors, lr=RATE)

    def step():
        loss = (torch.einsum(formula, *factors)[index] - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def by_hand(order, n, R, dtype, density):
    """Orders 3 and 4."""
    _, truth, index, mask, A = problem(order, n, R, dtype, density)
    m, split = len(index[0]), order // 2
    rows, cols = n**split, n ** (order - split)
    mask = mask.reshape(rows, cols)
    masked_truth, residual = mask * truth.reshape(rows, cols), torch.empty(rows, cols, dtype=dtype)
    into_left, into_right = torch.empty(rows, R, dtype=dtype), torch.empty(cols, R, dtype=dtype)

    def khatri_rao(A):
        return A[0] if len(A) == 1 else (A[0][:, None, :] * A[1][None, :, :]).view(-1, R)

    def update(A, G):
        if len(A) == 1:
            A[0].add_(G, alpha=-RATE * 2 / m)
            return
        G = G.view(n, n, R)
        first, second = (G * A[1]).sum(1), (G * A[0][:, None, :]).sum(0)
        A[0].add_(first, alpha=-RATE * 2 / m)
        A[1].add_(second, alpha=-RATE * 2 / m)

    @torch.inference_mode()
    def step():
        left, right = khatri_rao(A[:split]), khatri_rao(A[split:])
        torch.mm(left, right.t(), out=residual)
        residual.mul_(mask).sub_(masked_truth)
        flat = residual.view(-1)
        loss = torch.dot(flat, flat) / m
        torch.mm(residual, right, out=into_left)
        torch.mm(residual.t(), left, out=into_right)
        update(A[:split], into_left)
        update(A[split:], into_right)
        return loss.item()

    return step


def make(implementation, dtype, order, n, R, density):
    return {"einsum": einsum, "by_hand": by_hand}[implementation](int(order), int(n), int(R), TYPES[dtype], float(density))


def check():
    """Both do the same: losses agree over five steps."""
    for order in (3, 4):
        losses = [[step() for _ in range(5)] for step in (make(i, "double", order, 6, 7, 0.2) for i in ("einsum", "by_hand"))]
        for a, b in zip(*losses):
            assert abs(a - b) < 1e-9 * abs(a), (order, losses)


def table():
    print("implementation,type,order,n,R,us")
    for order, n, R in ((3, 10, 5), (3, 50, 50), (4, 10, 1000), (4, 30, 50)):
        for dtype in TYPES:
            for implementation in ("einsum", "by_hand"):
                steps = Steps(make(implementation, dtype, order, n, R, 0.2))
                blocks = sorted(steps.microseconds(5e-3) for _ in range(30))
                print(implementation, dtype, order, n, R, f"{blocks[len(blocks) // 2]:.1f}", sep=",", flush=True)


if __name__ == "__main__":
    check()
    serve(make) if "--serve" in sys.argv else table()
