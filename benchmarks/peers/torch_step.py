#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The work of Tacit's benchmarks in plain PyTorch: full-batch gradient descent on n x n matrix completion by an N-layer product.

  autograd_index   as a researcher writes it, predictions picked by index        } rows about autograd take the faster of the two
  autograd_mask    the same with a 0/1 mask                                      }
  hessian_index    a Hessian-vector product by double backward: gradient with create_graph, then of its product with v
  hessian_mask     the same with the mask
  by_hand          3 (N - 1) products a step, in place, the update fused into the last product of each layer

Alone it prints a table as CSV, microseconds of CPU time a step (median of short blocks):

  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 torch_step.py

bench_summary starts it with --serve and has it take turns with its own blocks: each line "implementation type n depth density seconds" on
the standard input is answered by the microseconds a step of one block of about that length.
"""
import os
import sys
import time


def fail(reason):
    print("skip", reason, flush=True)
    sys.exit(0)


try:
    import torch
except ImportError:
    fail(f"{sys.executable} has no torch (Debian, Ubuntu: python3-torch)")

torch.set_num_threads(1)
TYPES = {"float": torch.float32, "double": torch.float64}
RATE = 1e-3


def blas():
    """Which BLAS the products of this process run on: the answer decides whether a comparison means anything."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    try:
        with open("/proc/self/maps") as maps:
            files = {"/".join(line.split()[-1].lower().split("/")[-2:]) for line in maps if "/" in line}  # folder/file
    except OSError:
        return "unknown"
    for name in ("openblas", "mkl_", "blis", "atlas"):
        if any(name in f for f in files):
            return name.strip("_")
    return "reference" if any("libblas.so" in f for f in files) else "unknown"


def problem(n, depth, dtype, density, rank=5):
    torch.manual_seed(0)
    truth = torch.randn(n, rank, dtype=dtype) @ torch.randn(rank, n, dtype=dtype) / rank**0.5
    index = torch.randperm(n * n)[: int(density * n * n)]
    rows, cols = index // n, index % n
    mask = torch.zeros(n, n, dtype=dtype)
    mask[rows, cols] = 1
    factors = [torch.randn(n, n, dtype=dtype) * (0.1 ** (1 / depth) / n**0.5) for _ in range(depth)]
    return truth, rows, cols, mask, factors


def autograd(n, depth, dtype, density, masked):
    truth, rows, cols, mask, factors = problem(n, depth, dtype, density)
    y, m = truth[rows, cols], len(rows)
    factors = [torch.nn.Parameter(W) for W in factors]
    optimizer = torch.optim.SGD(factors, lr=RATE)

    def step():
        product = factors[0]
        for W in factors[1:]:
            product = product @ W
        loss = ((product - truth) * mask).pow(2).sum() / m if masked else (product[rows, cols] - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def by_hand(n, depth, dtype, density):
    truth, rows, cols, mask, W = problem(n, depth, dtype, density)
    m, masked_truth = len(rows), mask * truth
    P = [W[0]] + [torch.empty_like(truth) for _ in range(depth - 1)]
    buffers = [torch.empty_like(truth) for _ in range(2)]
    residual = torch.empty_like(truth)

    @torch.inference_mode()
    def step():
        for l in range(1, depth):
            torch.mm(P[l - 1], W[l], out=P[l])
        torch.mul(P[-1], mask, out=residual)
        residual.sub_(masked_truth)
        flat = residual.view(-1)
        loss = torch.dot(flat, flat) / m
        G = residual
        for l in range(depth - 1, 0, -1):
            below = buffers[l & 1]
            torch.mm(G, W[l].t(), out=below)
            W[l].addmm_(P[l - 1].t(), G, alpha=-RATE * 2 / m)
            G = below
        W[0].add_(G, alpha=-RATE * 2 / m)
        return loss.item()

    return step


def hessian(n, depth, dtype, density, masked):
    truth, rows, cols, mask, factors = problem(n, depth, dtype, density)
    y, m = truth[rows, cols], len(rows)
    factors = [torch.nn.Parameter(W) for W in factors]
    v = [torch.randn_like(W) for W in factors]

    def step():
        product = factors[0]
        for W in factors[1:]:
            product = product @ W
        loss = ((product - truth) * mask).pow(2).sum() / m if masked else (product[rows, cols] - y).pow(2).mean()
        gradient = torch.autograd.grad(loss, factors, create_graph=True)
        return torch.autograd.grad(sum((g * u).sum() for g, u in zip(gradient, v)), factors)

    return step


def make(implementation, dtype, n, depth, density):
    n, depth, density = int(n), int(depth), float(density)
    if implementation == "by_hand":
        return by_hand(n, depth, TYPES[dtype], density)
    if implementation.startswith("hessian"):
        return hessian(n, depth, TYPES[dtype], density, implementation == "hessian_mask")
    return autograd(n, depth, TYPES[dtype], density, implementation == "autograd_mask")


class Steps:
    """A step with the number of its calls that fill a block."""

    def __init__(self, step):
        self.step = step
        for _ in range(5):
            self.step()
        self.one = min(self.block(3) for _ in range(3))

    def block(self, calls):
        start = time.process_time()
        for _ in range(calls):
            self.step()
        return (time.process_time() - start) / calls

    def microseconds(self, seconds):
        return self.block(max(1, round(seconds / self.one))) * 1e6


def check():
    """The three do the same: losses agree over five steps."""
    for depth in (2, 3, 4):
        losses = [[step() for _ in range(5)] for step in (make(i, "double", 30, depth, 0.2) for i in ("autograd_index", "autograd_mask", "by_hand"))]
        for a, b, c in zip(*losses):
            assert abs(a - b) + abs(a - c) < 1e-10 * abs(a), (depth, losses)


def serve(make):
    """Answers lines of `make`'s arguments and a number of seconds."""
    known = {}
    name = blas()
    if name == "reference":
        fail("torch multiplies through the reference BLAS here, which is several times slower than what people use: install OpenBLAS "
             "(Debian, Ubuntu: libopenblas0-pthread)")
    print("ready torch", torch.__version__, "on", name, flush=True)
    for line in sys.stdin:
        *what, seconds = line.split()
        what = tuple(what)
        if what not in known:
            known[what] = Steps(make(*what))
        print(known[what].microseconds(float(seconds)), flush=True)


def table():
    print("implementation,type,n,depth,us")
    for n in (50, 100, 200):
        for depth in (2, 3, 4):
            for dtype in TYPES:
                for implementation in ("autograd_index", "autograd_mask", "by_hand"):
                    steps = Steps(make(implementation, dtype, n, depth, 0.2))
                    blocks = sorted(steps.microseconds(5e-3) for _ in range(30))
                    print(implementation, dtype, n, depth, f"{blocks[len(blocks) // 2]:.1f}", sep=",", flush=True)


if __name__ == "__main__":
    check()
    serve(make) if "--serve" in sys.argv else table()
