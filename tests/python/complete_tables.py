#!/usr/bin/env python3
"""Tables as people's programs write them go through `complete`: what was read is said, options override it, outputs are UTF-8 and completed.csv keeps its bytes.
Usage: complete_tables.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import subprocess
import sys
import tempfile

import numpy
import pandas

program = os.path.join(sys.argv[1], "complete")
folder = tempfile.mkdtemp(prefix="tacit-tables-")
rng = numpy.random.default_rng(5)
n, m = 30, 6
truth = rng.normal(size=(n, 2)) @ rng.normal(size=(2, m)) + 5
gap = rng.random((n, m)) < 0.15
gap[0, 0] = True
gap[1, 0] = False


def path(name):
    return os.path.join(folder, name)


def put(name, text, encoding="utf-8"):
    with open(path(name), "wb") as file:
        file.write(text.encode(encoding))
    return path(name)


def run(*arguments):
    return subprocess.run([program, *arguments, "--budget", "1s", "--folds", "2", "--no-baselines", "--output", path("out")], capture_output=True, text=True,
                          timeout=120)


def said(done, *parts):
    assert done.returncode == 0, done.stderr
    for part in parts:
        assert part in done.stderr, (part, done.stderr)
    return pandas.read_csv(path("out/gaps.csv"))


def table(separator=",", missing="", head="name", labels=None, columns=None, number="{:.3f}", extra=None):
    lines = [separator.join([head] + [f"c{j}" if columns is None else columns[j] for j in range(m)] + (["kind"] if extra else []))]
    for i in range(n):
        cells = [missing if gap[i, j] else number.format(truth[i, j]) for j in range(m)]
        lines.append(separator.join([f"r{i}" if labels is None else labels[i]] + cells + ([extra[i % len(extra)]] if extra else [])))
    return "\n".join(lines) + "\n"


# ---- bytes: Latin-1 inside is UTF-8, completed.csv stays Latin-1, and only gaps change
latin = table(labels=[f"Müller{i}" for i in range(n)], missing="?")
gaps = said(run(put("latin.csv", latin, "latin-1")), "Latin-1", "first column = labels")
assert gaps["row"][0] == "Müller0" and len(gaps) == gap.sum()
json.load(open(path("out/summary.json"), encoding="utf-8"))
open(path("out/report.html"), encoding="utf-8").read()
completed = open(path("out/completed.csv"), encoding="latin-1").read()
for before, after in zip(latin.split("\n"), completed.split("\n"), strict=True):
    for a, b in zip(before.split(","), after.split(","), strict=True):
        assert a == b if a != "?" else float(b) > -100, (a, b)
assert run(path("latin.csv"), "--encoding", "utf-8").returncode == 1

# ---- years are a header, text is carried along, a further spelling of gaps and its remark
gaps = said(run(put("years.csv", table(head="geo", columns=[str(1990 + j) for j in range(m)], extra=["new", "old", "very old", "?"]))),
            "header", "text column 'kind' carried along")
assert set(gaps["column"].astype(str)) <= {str(1990 + j) for j in range(m)}
coded = put("coded.csv", table(missing="-999"))
done = run(coded)
assert "say --missing -999" in done.stderr and "The table has no gap" in done.stderr, done.stderr
assert len(said(run(coded, "--missing", "-999"), "missing spelled -999")) == gap.sum()
assert len(said(run("--missing", "x,-999", coded))) == gap.sum()  # the file may come last
assert len(set(said(run(coded, "--missing", "-999", "--drop-columns", "c1,3"))["column"]) & {"c1"}) == 0

# ---- numbers: thousands or decimals
thousands = put("thousands.tsv", table(separator="\t", number="{:.3f}").replace(".", ",").replace("-", ""))
done = run(thousands, "--decimal", "comma")
said(done, "decimal comma")

# ---- labels
repeated = put("clock.csv", table(labels=[f"{min(i, n - 2):02d}:00" for i in range(n)]))
done = run(repeated)
assert done.returncode == 1 and "--duplicates keep, last or mean" in done.stderr, done.stderr
assert f"{n - 2}:00 (2)" in set(said(run(repeated, "--duplicates", "keep"))["row"]) or not gap[n - 1].any()
for how in ("last", "mean"):
    said(run(repeated, "--duplicates", how))
said(run(repeated, "--row-labels", "none"), "no row labels")
assert "option" in run(repeated, "--duplicates", "whatever").stderr or run(repeated, "--duplicates", "whatever").returncode != 0
limits = put("limits.csv", table().replace("5.", "<5.", 1))
done = run(limits)
assert done.returncode == 1 and "is a limit, neither a number nor a gap" in done.stderr, done.stderr
done = run(put("one.csv", "value\n1\n\n3\n4\n"))
assert done.returncode == 1 and "two columns at least" in done.stderr, done.stderr

# ---- options that mean nothing for what is given are refused
plain = put("plain.csv", table())
numpy.save(path("array.npy"), numpy.where(gap, numpy.nan, truth))
assert run(plain, "--save", path("model")).returncode == 0
for arguments, sentence in [
    ([path("array.npy"), "--missing", "-999"], "--missing: for tables and ratings; " + path("array.npy") + " is an array, in which NaN"),
    ([plain, "--rank", "3", "--header", "yes"], "--header: for tables and ratings; " + plain + " is read as a tensor"),
    ([plain, "--kind", "table", "--rank", "3"], "--rank: for tensors; --kind says that " + plain + " is to be a matrix"),
    ([path("array.npy"), "--mode", "0", "--model", "cp"], "--model: for tensors; --mode says that"),
    ([plain, "--mode", "1"], "--mode is for arrays of higher order"),
    (["--load", path("model"), "--new-rows", plain, "--interval", "0.5", "--scale", "none"], "--interval, --scale: said when a model is fitted"),
]:
    done = run(*arguments)
    assert done.returncode == 1 and sentence in done.stderr, (arguments, done.stderr)
subprocess.run(["rm", "-rf", folder])
print("all as it should be")
