# SPDX-License-Identifier: MIT
"""A table as people have it goes through `complete` and back; its model rebuilds in numpy; predictions survive saving; bad input ends in a sentence.
Usage: complete.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import subprocess
import sys
import tempfile

import numpy

program = os.path.join(sys.argv[1], "complete")
folder = tempfile.mkdtemp(prefix="tacit-complete-")
path = lambda name: os.path.join(folder, name)


def put(name, text):
    with open(path(name), "wb") as file:
        file.write(text.encode())
    return path(name)


def run(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)


rng = numpy.random.default_rng(4)
n, m = 40, 24
truth = rng.normal(size=(n, 2)) @ rng.normal(size=(2, m)) + rng.normal(size=(n, 1)) + 3
seen = rng.random((n, m)) < 0.75
spellings = ["NA", "", "-"]
cells = [[f"{truth[i, j] + 0.1 * rng.normal():.4f}".replace(".", ",") if seen[i, j] else spellings[(i + j) % 3] for j in range(m)] for i in range(n)]
table = "name;" + ";".join(f"item {j}" for j in range(m)) + "\r\n" + "".join(f"\"row {i}\";" + ";".join(cells[i]) + "\r\n" for i in range(n))
put("table.csv", table)

# ---- through completion and back: every byte that is not a gap stays
done = run(path("table.csv"), "--folds", "3", "--output", path("out"), "--save", path("model"), "--no-baselines", "--range", "-20", "20")
assert done.returncode == 0, done.stderr
assert "semicolon-separated" in done.stderr and "decimal comma" in done.stderr and "NA" in done.stderr, done.stderr
completed = open(path("out/completed.csv"), newline="").read()
assert completed.endswith("\r\n")
for before, after in zip(table.split("\r\n")[:-1], completed.split("\r\n")[:-1], strict=True):
    for old, new in zip(before.split(";"), after.split(";"), strict=True):
        assert old == new or old in spellings, (old, new)
        assert new not in spellings and "." not in new, (old, new)
filled = numpy.array([[float(cell.replace(",", ".")) for cell in line.split(";")[1:]] for line in completed.split("\r\n")[1:-1]])
error = numpy.sqrt(((filled - truth)[~seen] ** 2).mean())
assert error < 0.25, error

# ---- the summary: one row a method, errors with standard errors
rows = json.load(open(path("out/summary.json")))
rows = rows["rows"] if isinstance(rows, dict) else rows
assert [row["method"] for row in rows] == ["depth 2, averaged", "depth 2", "depth 3"], rows
assert sum(row["chosen"] == "yes" for row in rows) == 1
for row in rows:
    assert {"method", "rmse", "standard_error", "chosen", "settings"} <= set(row) and row["rmse"] > 0.1 and row["standard_error"] > 0

# ---- numpy rebuilds the predictions in a few lines
info = json.load(open(path("model/model.json")))
names = sorted(name for name in os.listdir(path("model")) if name[0] == "W")
W = numpy.linalg.multi_dot([numpy.load(path("model/" + name)) for name in reversed(names)])
effect = lambda name: numpy.load(path("model/" + name + ".npy")).reshape(-1) if os.path.exists(path("model/" + name + ".npy")) else 0.0
W = info["offset"] + numpy.reshape(effect("row_effects"), (-1, 1)) + effect("col_effects") + info["scale"] * W
dense = numpy.load(path("out/completed.npy"))
worst = numpy.abs(W - dense)[~seen].max()
assert worst < 1e-12 * numpy.abs(W).max(), worst

# ---- predictions before and after loading are the same bytes; unknown ids are told, the others predicted
pairs = put("pairs.csv", "row,column\nrow 3,item 5\nrow 39,item 0\nnobody,item 1\nrow 7,nothing\n")
assert run(path("table.csv"), "--folds", "3", "--output", path("first"), "--save", path("model2"), "--no-baselines", "--predict", pairs).returncode == 0
done = run("--load", path("model2"), "--output", path("second"), "--predict", pairs)
assert done.returncode == 0 and "row 'nobody' is not known" in done.stderr and "column 'nothing' is not known" in done.stderr, done.stderr
first, second = (open(path(name + "/predictions.csv"), "rb").read() for name in ("first", "second"))
assert first == second and first.count(b"\n") == 3, first
low, high = (float(x) for x in second.decode().splitlines()[1].split(",")[3:])
assert 0.2 < high - low < 2

# ---- new rows are folded in
fresh = truth[5] * 1.0
put("fresh.csv", "name;" + ";".join(f"item {j}" for j in range(m)) + "\r\nnew;" + ";".join(f"{fresh[j]:.4f}".replace(".", ",") if j % 2 else "NA" for j in range(m)) + "\r\n")
done = run("--load", path("model2"), "--output", path("second"), "--new-rows", path("fresh.csv"))
assert done.returncode == 0, done.stderr
row = numpy.array([float(x) for x in open(path("second/new_rows.csv")).read().splitlines()[1].split(",")[1:]])
assert numpy.sqrt(((row - fresh) ** 2)[::2].mean()) < 1.0, row - fresh  # without a row effect of its own


def refused(expected, *arguments):
    done = run(*arguments)
    said = done.stderr.replace("Run with --help for more information.", "").strip()
    assert done.returncode not in (0, 130) and expected in said, (expected, done.returncode, said)


refused("is empty", put("empty.csv", ""))
refused("are equal to 3", put("equal.csv", "\n".join(["3,3,3,3"] * 12)))
refused("'a'", put("twice.csv", "a;b;c;d;a\n1;2;3;4;5\n4;5;6;7;8\n"), "--output", path("x"))
refused("too few", put("few.csv", "1,2\n3,NA\n"), "--output", path("x"))
refused("is too small", path("table.csv"), "--budget", "0.000001s", "--output", path("x"))
refused("needs to be a time", path("table.csv"), "--budget", "soon", "--output", path("x"))
refused("lower end first", path("table.csv"), "--range", "5", "1", "--output", path("x"))
refused("give either a FILE", "--output", path("x"))
refused("needs something to do", "--load", path("model2"))
os.remove(path("model2/W1.npy"))
refused("W1", "--load", path("model2"), "--predict", pairs, "--output", path("x"))
subprocess.run(["rm", "-rf", folder])
print("all as it should be")
