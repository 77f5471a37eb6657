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


def schedule_free(rate, beta, decay, warm_up, b2=None, eps=1e-8, in_rate=False, steps=100):
    """The theta that the method reports, x; b2: divided by the root of the second moment, as AdamW."""
    x, y, z, v, total, largest = start.copy(), start.copy(), start.copy(), np.zeros_like(start), 0.0, 0.0
    for k in range(steps):
        g = gradient(y)
        eta = rate * min(1.0, (k + 1) / warm_up)
        step = eta
        if b2 is not None:
            v = b2 * v + (1 - b2) * g**2
            unbiased = 1 - b2 ** (k + 1)
            g = g / (np.sqrt(v) + eps) if in_rate else g / (np.sqrt(v / unbiased) + eps)
            step = eta * np.sqrt(unbiased) if in_rate else eta
        largest = max(largest, eta)
        total += largest**2
        c = largest**2 / total
        z = z - step * g - eta * decay * y
        x = (1 - c) * x + c * z
        y = beta * x + (1 - beta) * z
        yield x


def uniform_average(rate=0.2, steps=100):
    x, kept = start.copy(), [start.copy()]
    for _ in range(steps):
        x = x - rate * gradient(x)
        kept.append(x)
        yield np.mean(kept, axis=0)


def exponential_average(rate=0.2, a=0.9, steps=100):
    x, mean, weight = start.copy(), (1 - a) * start, 1 - a
    for _ in range(steps):
        x = x - rate * gradient(x)
        mean, weight = a * mean + (1 - a) * x, a * weight + (1 - a)
        yield mean / weight


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
    "schedule_free_sgd": lambda: schedule_free(0.2, 0.9, 0.1, 10),
    "schedule_free_adamw": lambda: schedule_free(0.02, 0.9, 0.1, 10, 0.95),
    "schedule_free_adamw_in_rate": lambda: schedule_free(0.02, 0.9, 0.1, 10, 0.95, 1e-8, True),
    "uniform_average": uniform_average,
    "exponential_average": exponential_average,
}

if __name__ == "__main__":
    main("numpy.txt", CASES)
