# SPDX-License-Identifier: MIT
"""A run in PyTorch on a problem that optimizer_race has exported (matrix completion of any depth), for its figures:
  optimizer_race --problems "matrix_completion({.depth = 2})" --export-problem twin
  python3 race_twin.py twin adam 0.03 300            writes twin/theirs.csv and twin/theirs.npy
  optimizer_race --problems "matrix_completion({.depth = 2})" --add-curve twin/theirs.csv --add-curve-thetas twin/theirs.npy --add-curve-name "Adam in PyTorch"
Usage: race_twin.py FOLDER OPTIMIZER RATE STEPS"""
import csv
import json
import sys

import numpy
import torch

folder, name, rate, steps = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
problem = json.load(open(f"{folder}/problem.json"))
W = [torch.nn.Parameter(torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/{b['name']}.npy")))) for b in problem["blocks"]]
entries = torch.from_numpy(numpy.ascontiguousarray(numpy.load(f"{folder}/entries.npy")))
row, col, y = entries[:, 0].long(), entries[:, 1].long(), entries[:, 2]
kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}
optimizer = kinds[name](W, lr=rate)


def theta():
    """The parameters as theta.npy has them: block after block, each in its own storage order."""
    return numpy.concatenate([w.detach().numpy().ravel(order=b["storage"]) for w, b in zip(W, problem["blocks"])])


rows, thetas = [], []
for step in range(steps + 1):
    product = W[0]
    for factor in W[1:]:
        product = factor @ product
    loss = (product[row, col] - y).pow(2).mean()
    rows.append((step, loss.item()))  # a step costs one gradient
    thetas.append(theta())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

gap = abs(rows[0][1] - problem["objective_at_start"]) / problem["objective_at_start"]
with open(f"{folder}/theirs.csv", "w", newline="") as file:
    csv.writer(file).writerows([("gradients", "loss"), *rows])
numpy.save(f"{folder}/theirs.npy", numpy.array(thetas))
print(f"{name}: {steps} steps, loss {rows[0][1]:.6e} to {rows[-1][1]:.6e}; at the start {gap:.1e} from Tacit's, relative")
sys.exit(int(gap > 1e-12))
