#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The optimizers and schedules of PyTorch 1.13 (Debian: python3-torch), in double. NAdam is that of foreach=True, see nadam.hpp."""
import warnings

import torch
from torch.optim import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, OneCycleLR, SequentialLR, StepLR

import reference
from reference import main

warnings.filterwarnings("ignore", "The epoch parameter")  # SequentialLR's own
torch.set_default_dtype(torch.double)  # or NAdam keeps its product of momenta in float, whatever the parameters are
torch.set_num_threads(1)
A, c, q = (torch.tensor(x) for x in (reference.A, reference.c, reference.q))


def run(make, schedule=None, edit=None, steps=100):
    """Thetas of the optimizer make([x]); schedule(optimizer) is stepped after each step, edit(x) sees the gradient before it."""

    def thetas():
        x = torch.tensor(reference.start, requires_grad=True)
        optimizer = make([x])
        rate = schedule(optimizer) if schedule else None
        for _ in range(steps):
            optimizer.zero_grad()
            loss = 0.5 * (x - c) @ A @ (x - c) + 0.25 * (q * x**4).sum()
            loss.backward()
            if edit:
                edit(x)
            optimizer.step()
            if rate:
                rate.step()
            yield x.detach().numpy().copy()

    return thetas


def sgd(x):
    return SGD(x, lr=0.1)


def linear_then_cosine(o):
    return SequentialLR(o, [LinearLR(o, 1 / 3, 1, 20), CosineAnnealingLR(o, 80, 0.01)], milestones=[20])


CASES = {
    "sgd": run(sgd),
    "sgd_momentum": run(lambda x: SGD(x, lr=0.05, momentum=0.9)),
    "sgd_dampening": run(lambda x: SGD(x, lr=0.05, momentum=0.8, dampening=0.3)),
    "sgd_nesterov": run(lambda x: SGD(x, lr=0.05, momentum=0.7, nesterov=True)),
    "sgd_weight_decay": run(lambda x: SGD(x, lr=0.05, momentum=0.9, weight_decay=0.1)),
    "adam": run(lambda x: Adam(x, lr=0.01)),
    "adam_l2": run(lambda x: Adam(x, lr=0.01, weight_decay=0.1)),
    "adamw": run(lambda x: AdamW(x, lr=0.01, weight_decay=0.1)),
    "amsgrad": run(lambda x: Adam(x, lr=0.01, amsgrad=True)),
    "amsgrad_short": run(lambda x: Adam(x, lr=0.05, betas=(0.9, 0.9), amsgrad=True)),
    "nadam": run(lambda x: NAdam(x, lr=0.01, foreach=True)),
    "radam": run(lambda x: RAdam(x, lr=0.01)),
    "rmsprop": run(lambda x: RMSprop(x, lr=0.01)),
    "rmsprop_momentum": run(lambda x: RMSprop(x, lr=0.002, momentum=0.9)),
    "rmsprop_centred": run(lambda x: RMSprop(x, lr=0.002, momentum=0.5, centered=True)),
    "adagrad": run(lambda x: Adagrad(x, lr=0.1)),
    "adagrad_decay": run(lambda x: Adagrad(x, lr=0.1, lr_decay=0.05, initial_accumulator_value=0.1)),
    # At the rate 1 its effective rates end beyond 2 / curvature: the iterates are chaotic, and rounding grows.
    "adadelta": run(lambda x: Adadelta(x, lr=0.4, rho=0.9, eps=1e-4)),
    "adamax": run(lambda x: Adamax(x, lr=0.01)),
    "clip_norm": run(sgd, edit=lambda x: torch.nn.utils.clip_grad_norm_([x], 0.5)),
    "clip_value": run(sgd, edit=lambda x: torch.nn.utils.clip_grad_value_([x], 0.2)),
    "step": run(sgd, lambda o: StepLR(o, 30, 0.5)),
    "cosine": run(sgd, lambda o: CosineAnnealingLR(o, 100, 0.01)),
    "linear": run(sgd, lambda o: LinearLR(o, 1 / 3, 1, 20)),
    "one_cycle": run(sgd, lambda o: OneCycleLR(o, 0.2, total_steps=100, cycle_momentum=False)),
    "one_cycle_linear": run(sgd, lambda o: OneCycleLR(o, 0.2, total_steps=100, cycle_momentum=False, anneal_strategy="linear")),
    "sequential": run(sgd, linear_then_cosine),
}

if __name__ == "__main__":
    main("torch.txt", CASES)
