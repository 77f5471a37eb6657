# SPDX-License-Identifier: MIT
"""A ratings file goes through `complete`: planted structure comes back, protocols are files, threads change no byte, predictions survive saving.
Usage: complete_ratings.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import subprocess
import sys
import tempfile

import numpy

program = os.path.join(sys.argv[1], "complete")
folder = tempfile.mkdtemp(prefix="tacit-ratings-")
path = lambda name: os.path.join(folder, name)


def run(*arguments):
    return subprocess.run([program, *arguments, "--no-baselines", "--depths", "2"], capture_output=True, text=True, timeout=300)


rng = numpy.random.default_rng(8)
n, m, count, noise = 300, 200, 18000, 0.5
cells = rng.permutation(n * m)[:count]
i, j = cells // m, cells % m
A, B = rng.normal(size=(n, 2)), 0.6 * rng.normal(size=(m, 2))
y = 3 + 0.5 * rng.normal(size=n)[i] + 0.5 * rng.normal(size=m)[j] + (A[i] * B[j]).sum(1) + noise * rng.normal(size=count)
lines = [f"u{a}\ti{b}\t{value:.3f}\n" for a, b, value in zip(i, j, y)]
base, test = lines[:16000], lines[16000:]
open(path("u1.base"), "w").write("".join(base))
open(path("u1.test"), "w").write("".join(test))

# ---- a test file: two runs on one and on two threads have the same bytes
summaries = []
for threads in ("1", "2"):
    out = path("out" + threads)
    done = run(path("u1.base"), "--test", path("u1.test"), "--output", out, "--threads", threads, "--save", path("model" + threads))
    assert done.returncode == 0, done.stderr
    summaries.append(json.load(open(out + "/summary.json")))
rows = summaries[0]["rows"] if isinstance(summaries[0], dict) else summaries[0]
assert [row["method"] for row in rows] == ["depth 2 + biases", "depth 2, averaged"] and rows[0]["folds"] == 1, rows
chosen = min(rows, key=lambda row: row["validation_rmse"])  # which of the two is near chance
assert [row["method"] for row in rows if row["chosen"] == "yes"] == [chosen["method"]], rows
assert rows[0]["rmse"] < 1.08 * noise and 0 < rows[0]["standard_error"] < 0.02, rows  # 1500 numbers from 14,400 ratings: 1.05 can be had
names = sorted(name for name in os.listdir(path("model1")) if name.endswith(".npy"))
assert {"W1.npy", "W2.npy"} <= set(names) and names == sorted(name for name in os.listdir(path("model2")) if name.endswith(".npy")), names
for name in names:
    assert open(path("model1/" + name), "rb").read() == open(path("model2/" + name), "rb").read(), name

# ---- predictions before and after loading
open(path("pairs.csv"), "w").write("row,column\n" + "".join(line.split("\t")[0] + "," + line.split("\t")[1] + "\n" for line in test[:50]))
done = run(path("u1.base"), "--test", path("u1.test"), "--output", path("first"), "--predict", path("pairs.csv"), "--save", path("model"))
assert done.returncode == 0, done.stderr
assert run("--load", path("model"), "--output", path("second"), "--predict", path("pairs.csv")).returncode == 0
first, second = (open(path(name + "/predictions.csv"), "rb").read() for name in ("first", "second"))
assert first == second and first.count(b"\n") == 51, first[:200]

# ---- folds from a file, and what does not fit
open(path("folds"), "w").write("".join("\t".join(line.split("\t")[:2]) + f"\t{k % 2}\n" for k, line in enumerate(base[:2000])))
done = run(path("u1.base"), "--folds-file", path("folds"), "--output", path("out"), "--fast")
assert done.returncode == 0, done.stderr
rows = json.load(open(path("out/summary.json")))
rows = rows["rows"] if isinstance(rows, dict) else rows
assert rows[0]["folds"] == 2 and rows[0]["rmse"] < 1.1 * noise, rows
done = run(path("u1.base"), "--test", path("u1.base"), "--output", path("out"))
assert done.returncode == 1 and "is an entry of the training data, too" in done.stderr, done.stderr
subprocess.run(["rm", "-rf", folder])
print("all as it should be")
