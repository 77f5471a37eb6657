# SPDX-License-Identifier: MIT
"""Scores of a race recomputed from runs.csv alone, by the words of the README and no code of the library, and compared with results.csv and cells.csv.
Usage: scores.py FOLDER"""
import csv
import json
import sys

import numpy

folder = sys.argv[1]


def table(name):
    with open(f"{folder}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else float("nan")


protocol = json.load(open(f"{folder}/race.json"))["protocol"]
targets, tau_max, quorum = protocol["targets"], protocol["tau_max"], protocol["quorum"]
runs = table("runs.csv")
columns = [c for c in runs[0] if c.startswith("work_to_")]
assert [float(c[8:]) for c in columns] == targets, columns
entrants = list(dict.fromkeys(r["entrant"] for r in runs))
problems = list(dict.fromkeys(r["problem"] for r in runs))
seeds = list(dict.fromkeys(r["seed"] for r in runs))
at = {(r["problem"], r["seed"], r["entrant"]): r for r in runs}
assert len(at) == len(runs) == len(entrants) * len(problems) * len(seeds), "every entrant runs on every problem and fresh seed, once"
for r in runs:
    if r["reason"] == "diverged":
        assert all(number(r[c]) == numpy.inf for c in columns), "a diverged run reaches nothing"


def scores_of(rows, names, least_of_all):
    """scores[target, entrant] of the columns `names`."""
    here = {(r["problem"], r["seed"], r["entrant"]): r for r in rows}
    score = numpy.zeros((len(names), len(entrants)))
    for k, column in enumerate(names):
        work = numpy.array([[number(here[p, s, e][column]) for e in entrants] for p in problems for s in seeds])
        work = numpy.maximum(work, least_of_all)
        least = work.min(axis=1, keepdims=True)
        with numpy.errstate(invalid="ignore"):
            ratio = numpy.where(numpy.isfinite(work), work / least, numpy.inf)
        # The profile is a step function: its integral from 1 to tau_max, piece by piece between the ratios.
        for e in range(len(entrants)):
            steps = numpy.unique(numpy.concatenate([[1, tau_max], ratio[(ratio[:, e] > 1) & (ratio[:, e] < tau_max), e]]))
            share = [(ratio[:, e] <= left).mean() for left in steps[:-1]]
            score[k, e] = numpy.dot(share, numpy.diff(steps)) / (tau_max - 1)
    return score


score = scores_of(runs, columns, 1)
by_seconds = scores_of(table("seconds.csv"), ["seconds_to_" + c[8:] for c in columns], 1e-6)
bad = 0


def compare(what, ours, theirs):
    global bad
    same = ours == theirs or abs(ours - theirs) <= 1e-12 * max(1, abs(ours)) or (numpy.isnan(ours) and numpy.isnan(theirs))
    if not same:
        print(f"{what}: {theirs} in the files, {ours} recomputed")
        bad += 1


def median(values):
    values = sorted(values)
    n = len(values)
    return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


results = table("results.csv")
keys = []
for row in results:
    e = entrants.index(row["entrant"])
    mine = [r for r in runs if r["entrant"] == row["entrant"]]
    reached = numpy.mean([number(r[c]) < numpy.inf for r in mine for c in columns])
    final = median([number(r["final_loss"]) for r in mine])
    solved = 0
    for p in problems:
        for column in columns:
            works = [number(at[p, s, row["entrant"]][column]) for s in seeds]
            solved += sum(w < numpy.inf for w in works) >= quorum and median(works) < numpy.inf
    compare(f"{row['entrant']}: score", score[:, e].mean(), number(row["score"]))
    for k, column in enumerate(columns):
        compare(f"{row['entrant']}: score at {column[8:]}", score[k, e], number(row["score_at_" + column[8:]]))
    compare(f"{row['entrant']}: reached", reached, number(row["reached"]))
    compare(f"{row['entrant']}: solved", solved, number(row["solved"]))
    compare(f"{row['entrant']}: final loss", final, number(row["final_loss"]))
    compare(f"{row['entrant']}: diverged", sum(r["reason"] == "diverged" for r in mine), number(row["diverged"]))
    keys.append((-number(row["score"]), -number(row["reached"]), number(row["final_loss"])))
assert sorted(r["entrant"] for r in results) == sorted(entrants), "all entrants are ranked"
if keys != sorted(keys):
    print("results.csv is not in the order of score, then targets reached, then final loss")
    bad += 1

for row in table("cells.csv"):
    here = [at[row["problem"], s, row["entrant"]] for s in seeds]
    name = f"{row['entrant']} on {row['problem']}"
    quarter = (len(seeds) - 1) // 4
    for column in columns + ["final_loss", "validation_error"]:
        values = sorted(number(r[column]) for r in here)
        enough = sum(v < numpy.inf for v in values) >= quorum
        middle = median(values) if enough or not column.startswith("work_to_") else numpy.inf
        compare(f"{name}: {column}", middle, number(row[column]))
        compare(f"{name}: {column}_low", values[quarter], number(row[column + "_low"]))
        compare(f"{name}: {column}_high", values[-1 - quarter], number(row[column + "_high"]))

for row in table("seconds_scores.csv"):
    compare(f"{row['entrant']}: score by seconds", by_seconds[:, entrants.index(row["entrant"])].mean(), number(row["score"]))

trials = {}
for row in table("trials.csv"):
    trials.setdefault((row["problem"], row["entrant"]), []).append(row)
for key, rows in trials.items():
    compare(f"{key}: chosen", 1, sum(int(r["chosen"]) for r in rows))
    best = min((number(r["score"]), number(r["score_loss"])) for r in rows)
    chosen = next(r for r in rows if r["chosen"] == "1")
    compare(f"{key}: the chosen one has the best score", best[0], number(chosen["score"]))
    searched = any(r["value"] for r in rows)
    if searched:
        compare(f"{key}: trials", protocol["trials"], len(rows))

print(f"{len(runs)} runs of {len(entrants)} entrants on {len(problems)} problems: {'all equal' if bad == 0 else f'{bad} differences'}")
sys.exit(int(bad > 0))
