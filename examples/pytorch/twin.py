# SPDX-License-Identifier: MIT
"""The experiment of pytorch_twin.cpp in PyTorch, from the same weights.  Usage: twin.py FOLDER (after pytorch_twin FOLDER)"""
import sys

import numpy
import torch

folder = sys.argv[1] if len(sys.argv) > 1 else "twin"
W = [torch.nn.Parameter(torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/W{l}.npy")))) for l in (1, 2, 3)]
entries = torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/entries.npy")))
row, col, y = entries[:, 0].long(), entries[:, 1].long(), entries[:, 2]

optimizer = torch.optim.SGD(W, lr=0.2, momentum=0.9)
losses = []
for step in range(301):
    loss = ((W[2] @ W[1] @ W[0])[row, col] - y).pow(2).mean()
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

ours = numpy.load(f"{folder}/losses.npy")
gap = numpy.max(numpy.abs(ours - losses) / numpy.abs(losses))
print(f"{len(losses)} losses, the last {losses[-1]:.6e}; largest relative difference to Tacit {gap:.1e}")
sys.exit(int(gap > 1e-10))
