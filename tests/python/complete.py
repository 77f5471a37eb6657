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
lines = second.decode().splitlines()
assert first == second and lines[0] == "row,column,prediction,low,high" and lines[3:] == ["nobody,item 1,,,", "row 7,nothing,,,"], first
low, high = (float(x) for x in lines[1].split(",")[3:])
assert 0.2 < high - low < 2

# ---- new rows are folded in
fresh = truth[5] * 1.0
put("fresh.csv", "name;" + ";".join(f"item {j}" for j in range(m)) + "\r\nnew;" + ";".join(f"{fresh[j]:.4f}".replace(".", ",") if j % 2 else "NA" for j in range(m)) + "\r\n")
done = run("--load", path("model2"), "--output", path("second"), "--new-rows", path("fresh.csv"))
assert done.returncode == 0, done.stderr
row = numpy.array([float(x) for x in open(path("second/new_rows.csv")).read().splitlines()[1].split(",")[1:]])
assert numpy.sqrt(((row - fresh) ** 2)[::2].mean()) < 1.0, row - fresh  # without a row effect of its own

# ---- a range is kept by a saved model, and can be said anew; columns of pairs go by their names
info = json.load(open(path("model/model.json")))
assert (info["low"], info["high"], info["row_name"]) == (-20, 20, "name"), info
swapped = put("swapped.csv", "column,row\nitem 5,row 3\n")
for limits, expected in (((), (-20, 20)), (("--range", "100", "200"), (100, 200))):
    assert run("--load", path("model"), "--output", path("ranged"), "--predict", swapped, *limits).returncode == 0
    cells = open(path("ranged/predictions.csv")).read().splitlines()[1].split(",")
    assert cells[:2] == ["row 3", "item 5"] and all(expected[0] <= float(x) <= expected[1] for x in cells[2:]), cells

# ---- a new row of which nothing is known is the average row; columns go by their names
put("some.csv", "item 3,name,item 1\n,empty,\n2.5,new,1.5\n")
done = run("--load", path("model2"), "--output", path("second"), "--new-rows", path("some.csv"))
assert done.returncode == 0 and "predicted as the average row: empty" in done.stderr and "2 of the model's 24 columns" in done.stderr, done.stderr
header, empty, new = (line.split(",") for line in open(path("second/new_rows.csv")).read().splitlines())
assert header[1:] == [f"item {j}" for j in range(m)] and (new[2], new[4]) == ("1.5", "2.5"), new
assert numpy.abs(numpy.array([float(x) for x in empty[1:]]) - truth.mean(0)).max() < 0.5, empty
done = run("--load", path("model2"), "--output", path("second"), "--new-rows", put("wrong.csv", "name,item 3,weight\nnew,1,2\n"))
assert done.returncode == 1 and "the model has no column 'weight'" in done.stderr, done.stderr

# ---- new rows with features: without any entry they are what these say, by the model that is loaded
weights = numpy.random.default_rng(5).normal(size=(3, m))
facts = numpy.random.default_rng(6).normal(size=(60, 3))
featured = facts @ weights + 0.1 * numpy.random.default_rng(7).normal(size=(60, m))
there = numpy.random.default_rng(8).random((50, m)) < 0.6
put("facts.csv", "name,a,b,c\n" + "".join(f"row {i},{','.join(str(x) for x in facts[i])}\n" for i in range(60)))
heads = "name," + ",".join(f"item {j}" for j in range(m)) + "\n"
put("featured.csv", heads + "".join(f"row {i}," + ",".join(str(featured[i, j]) if there[i, j] else "" for j in range(m)) + "\n" for i in range(50)))
put("cold.csv", heads + "".join(f"row {i}," + ",".join(["" if i % 2 or j > 1 else str(featured[i, j]) for j in range(m)]) + "\n" for i in range(50, 60)))
done = run(path("featured.csv"), "--folds", "2", "--budget", "5s", "--output", path("x"), "--no-baselines", "--row-features", path("facts.csv"), "--save", path("model3"))
assert done.returncode == 0, done.stderr
off = {}
for how in ((), ("--row-features", path("facts.csv"))):
    done = run("--load", path("model3"), "--output", path("second"), "--new-rows", path("cold.csv"), *how)
    assert done.returncode == 0 and ("predicted from their features" if how else "predicted as the average row") in done.stderr, done.stderr
    rows = numpy.array([[float(x) for x in line.split(",")[1:]] for line in open(path("second/new_rows.csv")).read().splitlines()[1:]])
    off[bool(how)] = numpy.abs(rows - featured[50:])[1::2].mean()
    gaps = [[float(x) for x in line.split(",")[3:]] for line in open(path("second/new_rows_gaps.csv")).read().splitlines()[1:]]
    off[bool(how), "width"] = numpy.mean([high - low for low, high in gaps])
assert "New rows start from their features" in done.stdout, done.stdout
assert off[True] < 0.4 * off[False] and off[True, "width"] < off[False, "width"], off
done = run("--load", path("model3"), "--output", path("second"), "--row-features", path("facts.csv"))
assert done.returncode == 1 and "--load needs something to do: --predict or --new-rows" in done.stderr, done.stderr

# ---- a run on other data removes what the first one left, but not what is not of the program; a line without a rating is predicted
put("out/mine.txt", "mine")
asked = next((i, j) for i in range(n) for j in range(m) if not seen[i, j])
ratings = "itemID,rating,userID\n" + "".join(f"{j},{'' if (i, j) == asked else round(truth[i, j])},{i}\n" for i in range(n) for j in range(m) if seen[i, j] or (i, j) == asked)
done = run(put("ratings.csv", ratings), "--folds", "2", "--budget", "5s", "--output", path("out"), "--no-baselines", "--save", path("rated"))
assert done.returncode == 0, done.stderr
assert "read as: ratings, comma-separated, header, user = 'userID', item = 'itemID', rating = 'rating', 1 pair without a rating" in done.stderr, done.stderr
assert "completed.csv was of another run and is removed" in done.stderr, done.stderr
assert os.path.exists(path("out/mine.txt")) and not os.path.exists(path("out/completed.csv")) and not os.path.exists(path("out/completed.csv.meta.json"))
assert open(path("out/completed_rows.csv")).read().splitlines()[:3] == ["index,label", "0,0", "1,1"]
assert open(path("out/predictions.csv")).read().splitlines()[1].startswith(f"{asked[0]},{asked[1]},")

# ---- pairs of which nothing is known: told, with the id that was perhaps meant, and the file lines up
done = run("--load", path("rated"), "--output", path("out"), "--predict", put("floats.csv", "user,item\n3.0,5.0\n"))
assert done.returncode == 1 and "('3' is: ids are compared as they are written)" in done.stderr, done.stderr
assert open(path("out/predictions.csv")).read().splitlines()[1:] == ["3.0,5.0,,,"]
assert os.path.exists(path("out/gaps.csv"))  # of the same fit

# ---- ratings given again, and kinds and columns that are said
again = put("again.csv", ratings + ratings.splitlines()[2] + "\n")
for how, expected in ((), 1), (("--duplicates", "last"), 0), (("--duplicates", "mean"), 0):
    done = run(again, *how, "--folds", "2", "--budget", "3s", "--output", path("x"), "--no-baselines")
    assert done.returncode == expected and ("comes a second time" in done.stderr or "1 rating given again" in done.stderr), done.stderr
done = run(path("ratings.csv"), "--columns", "itemID,userID,rating", "--folds", "2", "--budget", "3s", "--output", path("x"), "--no-baselines")
assert "user = 'itemID', item = 'userID'" in done.stderr, done.stderr
done = run(path("ratings.csv"), "--kind", "table", "--folds", "2", "--budget", "3s", "--output", path("x"), "--no-baselines")
assert "read as: table" in done.stderr, done.stderr


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
refused("--columns needs three", path("ratings.csv"), "--columns", "userID,itemID", "--output", path("x"))
refused("there is no column 'stars'", path("ratings.csv"), "--columns", "userID,itemID,stars", "--output", path("x"))
refused("does not begin with", path("ratings.csv"), "--kind", "tensor", "--output", path("x"))
refused("give either a FILE", "--output", path("x"))
refused("needs something to do", "--load", path("model2"))
os.remove(path("model2/W1.npy"))
refused("W1", "--load", path("model2"), "--predict", pairs, "--output", path("x"))
subprocess.run(["rm", "-rf", folder])
print("all as it should be")
