#!/usr/bin/env python3
"""Ranges and transforms of single columns through `complete` and its saved models, bad input of columns, and remarks that are told once.
Usage: complete_units.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import subprocess
import sys
import tempfile

import numpy
import pandas

program = os.path.join(sys.argv[1], "complete")
folder = tempfile.mkdtemp(prefix="tacit-units-")
rng = numpy.random.default_rng(3)
names = ["age", "dose", "ph", "weight", "height"]
t = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 5)) + 0.2 * rng.normal(size=(60, 5))
t[:, 1] /= abs(t[:, 1]).max() / 4
frame = pandas.DataFrame(t * [30, 1, 1, 15, 20] + [50, 0, 7, 70, 170], columns=names, index=[f"p{i}" for i in range(60)])
frame["dose"] = numpy.exp(t[:, 1])
frame = frame.mask(rng.random(frame.shape) < 0.15).round(4)
frame.iloc[0, :3] = numpy.nan


def path(name):
    return os.path.join(folder, name)


def run(*arguments, out="out"):
    return subprocess.run([program, *arguments, "--output", path(out)], capture_output=True, text=True, timeout=120)


def fitted(*arguments, out="out"):
    done = run(*arguments, "--budget", "1s", "--folds", "2", "--no-baselines", out=out)
    assert done.returncode == 0, done.stderr
    return done


def gaps(out="out"):
    return pandas.read_csv(path(f"{out}/gaps.csv"))


def put(name, text):
    with open(path(name), "w") as file:
        file.write(text)
    return path(name)


def refused(sentence, *arguments):
    done = run(*arguments, "--budget", "1s", "--folds", "2", "--no-baselines", out="refused")
    assert done.returncode == 1 and sentence in done.stderr, (sentence, done.returncode, done.stderr)
    assert not os.path.exists(path("refused/completed.csv"))


frame.to_csv(path("table.csv"), index_label="patient")
table = path("table.csv")

# ---- a range for single columns: in all that is written, kept by the model, replaced where it is said again
fitted(table, "--range", "age=40,60", "--range", "ph=7.123456789,7.2", "--range", "0,150", "--save", path("model"))
found = gaps()
for column, low, high in [("age", 40, 60), ("ph", 7.123456789, 7.2), ("dose", 0, 150), ("height", 0, 150)]:
    one = found[found["column"] == column]
    assert len(one) and (one[["prediction", "low", "high"]] >= low).all(None) and (one[["prediction", "low", "high"]] <= high).all(None), column
completed = pandas.read_csv(path("out/completed.csv"), index_col=0)
assert completed["ph"][frame["ph"].isna().values].between(7.123456789, 7.2).all()  # rounded to the bound itself, where six digits would leave it
assert completed["height"][frame["height"].isna().values].max() <= 150
assert (fitted(table) and gaps()["prediction"][gaps()["column"] == "age"]).max() > 60  # without the option there is no such bound
pairs = put("pairs.csv", "row,column\np0,age\np0,ph\np0,dose\n")
run("--load", path("model"), "--predict", pairs, out="again")
again = pandas.read_csv(path("again/predictions.csv"))
assert again["prediction"].between([40, 7.123456789, 0], [60, 7.2, 150]).all(), again
run("--load", path("model"), "--predict", pairs, "--range", "age=100,110", "--save", path("other"), out="again")
assert pandas.read_csv(path("again/predictions.csv"))["prediction"].between([100, 7.123456789, 0], [110, 7.2, 150]).all()
assert sorted(r["low"] for r in json.load(open(path("other/model.json")))["ranges"]) == [7.123456789, 100]
refused("--range names 'agee', which is no column of the data; the nearest are age", table, "--range", "agee=0,120")
refused("--range is 'age=120,0', it needs its lower end first", table, "--range", "age=120,0")
refused("--range is 'age=5', it needs two numbers", table, "--range", "age=5")
refused("--range is 'ph=nan,3', it needs two numbers", table, "--range", "ph=nan,3")

# ---- a transform of a column: said once, kept by the model, of which numpy makes the same predictions
done = fitted(table, "--transform", "dose=log", "--save", path("model"))
assert done.stdout.count("Column dose: fitted by its logarithm (--transform none would not)") == 1, done.stdout
info = json.load(open(path("model/model.json")))
assert info["format"] == 2 and info["transforms"][0]["column"] == 1 and info["transforms"][0]["by"] == "log"
load = lambda name: numpy.load(path(f"model/{name}"))
W = numpy.linalg.multi_dot([load(name) for name in reversed(info["factors"])]) if len(info["factors"]) > 1 else load("W1.npy")
z = info["offset"] + info["scale"] * W
z = z + (load("row_effects.npy")[:, None] if info["row_effects"] else 0) + (load("col_effects.npy") if info["col_effects"] else 0)
z = load("col_centres.npy") + load("col_scales.npy") * (load("row_scales.npy")[:, None] if "row_scales" in info else 1) * z
z[:, 1] = numpy.exp(z[:, 1] + info["transforms"][0]["shift"])
whole = numpy.load(path("out/completed.npy"))
empty = frame.isna().values
assert numpy.allclose(z[empty], whole[empty], rtol=1e-10)
dose = gaps()[gaps()["column"] == "dose"]
middle = numpy.sqrt(dose["low"] * dose["high"]) * numpy.exp(info["transforms"][0]["shift"])  # an interval of the logarithm, a prediction with its factor
assert (dose["low"] > 0).all() and numpy.allclose(middle, dose["prediction"], rtol=1e-4)
run("--load", path("model"), "--predict", put("asked.csv", "row,column\n" + "".join(f"{r},dose\n" for r in dose["row"])), out="again")
assert numpy.array_equal(pandas.read_csv(path("again/predictions.csv"))[["prediction", "low", "high"]], dose[["prediction", "low", "high"]])
put("new.csv", "patient,age,dose,ph,weight,height\nq,55,,7.1,75,171\n")
assert run("--load", path("model"), "--new-rows", path("new.csv"), out="new").returncode == 0
new = pandas.read_csv(path("new/new_rows_gaps.csv"))
assert len(new) == 1 and 0 < new["low"][0] < new["prediction"][0] < new["high"][0]
put("new.csv", "patient,age,dose,ph,weight,height\nq,55,-2,7.1,75,\n")
bad = run("--load", path("model"), "--new-rows", path("new.csv"), out="new")
assert bad.returncode == 1 and "is -2, but the column was fitted by its log, which takes values above 0" in bad.stderr, bad.stderr
refused("--transform is 'dose=sqrt', it needs to be auto, none, log, logit", table, "--transform", "dose=sqrt")
refused("--transform names 'doses', which is no column of the data; the nearest are dose", table, "--transform", "doses=log")
refused("column dose cannot be fitted by its logit", table, "--transform", "dose=logit", "--range", "dose=0,1")
negative = frame.copy()
negative.loc["p5", "dose"] = -1
negative.to_csv(path("negative.csv"), index_label="patient")
refused("column dose cannot be fitted by its log: its values lie between -1 and", path("negative.csv"), "--transform", "dose=log")
assert "dose" not in [line for line in fitted(path("negative.csv"), "--transform", "log").stdout.split("\n") if "fitted by" in line][0]

# ---- values and budgets that nothing can be done with
huge = frame.copy()
huge.loc["p4", "weight"] = 3e200
huge.to_csv(path("huge.csv"), index_label="patient")
refused("row p4, column weight holds 3e+200, whose square does not fit a double; give that column in other units", path("huge.csv"))
short = run(table, "--budget", "0.0001s", out="refused")
assert short.returncode == 1 and "the budget of 0.0001 s is too small, not one of 5 folds was finished" in short.stderr, short.stderr
assert "a budget of 1 s or more always finishes one" in short.stderr
single = frame.copy()
single["once"] = numpy.nan
single.loc["p3", "once"] = 5.0
single.to_csv(path("single.csv"), index_label="patient")
fitted(path("single.csv"))
assert gaps()["prediction"][gaps()["column"] == "once"].between(-1000, 1000).all()

# ---- what is said of the data is said once
empty_row = frame.copy()
empty_row.loc["p7"] = numpy.nan
empty_row.to_csv(path("empty_row.csv"), index_label="patient")
done = fitted(path("empty_row.csv"))
for text in ["Warning: rows without any observation"]:
    assert (done.stdout + done.stderr).count(text) == 1, (done.stdout, done.stderr)
assert "Warning: rows without any observation" in open(path("out/report.html")).read()
print("ranges and transforms of columns: ok")
