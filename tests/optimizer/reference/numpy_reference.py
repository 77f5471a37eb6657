#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Optimizers in numpy, written from their papers' formulas. To add one: a generator of theta after each step, and its name in CASES."""
import numpy as np

from reference import gradient, main, start


def lion(rate=0.01, b1=0.9, b2=0.99, decay=0.1, steps=100):
    x, m = start.copy(), np.zeros_like(start)
    for _ in range(steps):
        g = gradient(x)
        u = np.sign(b1 * m + (1 - b1) * g)
        m = b2 * m + (1 - b2) * g
        x = (1 - rate * decay) * x - rate * u
        yield x


def signum(rate=0.01, b=0.9, steps=100):
    x, m = start.copy(), np.zeros_like(start)
    for _ in range(steps):
        m = b * m + (1 - b) * gradient(x)
        x = x - rate * np.sign(m)
        yield x


def sign_descent(rate=0.01, steps=100):
    return signum(rate, 0.0, steps)


def nesterov_convex(rate=0.2, steps=100):
    x, y = start.copy(), start.copy()  # y are the look-ahead points, where the gradient is asked
    for t in range(1, steps + 1):
        before, x = x, y - rate * gradient(y)
        y = x + (t - 1) / (t + 2) * (x - before)
        yield y


def adagrad_optax(rate=0.1, eps=1e-7, steps=100):
    x, v = start.copy(), np.full_like(start, 0.1)
    for _ in range(steps):
        g = gradient(x)
        v = v + g**2
        x = x - rate * g / np.sqrt(v + eps)
        yield x


def rmsprop_optax(rate=0.01, decay=0.9, eps=1e-8, mu=0.9, steps=100):
    x, v, m = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for _ in range(steps):
        g = gradient(x)
        v = decay * v + (1 - decay) * g**2
        m = mu * m + rate * g / np.sqrt(v + eps)  # the rate stands in front of the momentum
        x = x - m
        yield x


def amsgrad_corrected(rate=0.01, b1=0.9, b2=0.9, eps=1e-8, steps=100):
    x, m, v, w = start.copy(), np.zeros_like(start), np.zeros_like(start), np.zeros_like(start)
    for t in range(1, steps + 1):
        g = gradient(x)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        w = np.maximum(w, v / (1 - b2**t))
        x = x - rate * (m / (1 - b1**t)) / (np.sqrt(w) + eps)
        yield x


def nadam_optax(rate=0.01, b1=0.9, b2=0.999, eps=1e-8, steps=100):
    x, m, v = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for t in range(1, steps + 1):
        g = gradient(x)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        ahead = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)
        x = x - rate * ahead / (np.sqrt(v / (1 - b2**t)) + eps)
        yield x


def radam(threshold, before, corrected, rate=0.01, b1=0.9, b2=0.999, eps=1e-3, steps=100):
    x, m, v = start.copy(), np.zeros_like(start), np.zeros_like(start)
    R = 2 / (1 - b2) - 1
    for t in range(1, steps + 1):
        g = gradient(x)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        c1, c2 = 1 - b1**t, 1 - b2**t
        rho = R - 2 * t * b2**t / c2
        if threshold(rho):
            r = np.sqrt((rho - 4) * (rho - 2) * R / ((R - 4) * (R - 2) * rho))
            u = r * (m / c1) / (np.sqrt(v / c2) + eps if corrected else (np.sqrt(v) + eps) / np.sqrt(c2))
        else:
            u = before * m / c1
        x = x - rate * u
        yield x


def block_normalised(rate=0.01, steps=100):
    x = start.copy()
    for _ in range(steps):
        g = gradient(x)
        x = x - rate * np.concatenate([g[:5] / np.linalg.norm(g[:5]), g[5:] / np.linalg.norm(g[5:])])
        yield x


def inverse_sqrt(rate=0.1, w=8, steps=100):
    x = start.copy()
    for t in range(steps):
        x = x - rate * min((t + 1) / w, np.sqrt(w / (t + 1))) * gradient(x)
        yield x


CASES = {
    "lion": lion,
    "signum": signum,
    "sign_descent": sign_descent,
    "nesterov_convex": nesterov_convex,
    "adagrad_optax": adagrad_optax,
    "rmsprop_optax": rmsprop_optax,
    "amsgrad_corrected": amsgrad_corrected,
    "nadam_optax": nadam_optax,
    "radam_authors": lambda: radam(lambda rho: rho >= 5, 0, False),
    "radam_paper": lambda: radam(lambda rho: rho > 4, 1, False),
    "radam_optax": lambda: radam(lambda rho: rho >= 5, 1, True),
    "block_normalised": block_normalised,
    "inverse_sqrt": inverse_sqrt,
}

if __name__ == "__main__":
    main("numpy.txt", CASES)
