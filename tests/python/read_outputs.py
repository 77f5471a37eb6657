# SPDX-License-Identifier: MIT
"""numpy and pandas read what examples/write_outputs wrote, without any help.  Usage: read_outputs.py FOLDER_OF_THE_PROGRAMS"""
import json
import math
import os
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

import numpy
import pandas

program = os.path.join(sys.argv[1], "write_outputs")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, folder], check=True, stdout=subprocess.DEVNULL)
    path = lambda name: os.path.join(folder, name)

    losses = [math.exp(-k * depth) / 3 for depth in (2, 3) for k in range(6)]
    for frame in (pandas.read_csv(path("runs.csv")), pandas.read_json(path("runs.jsonl"), lines=True), pandas.read_json(path("runs.json"))):
        assert list(frame.columns) == ["depth", "iteration", "loss", "reason"], frame.columns
        assert frame.shape == (13, 4), frame.shape
        assert frame.depth.dtype == numpy.int64 and frame.iteration.dtype == numpy.int64
        assert list(frame.depth) == [2] * 6 + [3] * 6 + [4]
        assert numpy.allclose(frame.loss[:12], losses, rtol=1e-9, atol=0), frame.loss  # pandas reads quickly by default, not exactly
        assert math.isnan(frame.loss[12])
        assert frame.reason[5] == 'small, "enough"' and frame.reason[12] == "diverged"
    exact = pandas.read_csv(path("runs.csv"), float_precision="round_trip").loss[:12]
    with open(path("runs.jsonl")) as lines, open(path("runs.json")) as rows:
        lines, rows = [json.loads(line) for line in lines], json.load(rows)
    assert lines == rows and rows[12] == {"depth": 4, "iteration": 0, "loss": None, "reason": "diverged"}, rows
    for a, b, c in zip(exact, rows, losses):
        assert a == b["loss"] and abs(a - c) <= 2e-16 * c
    named = numpy.genfromtxt(path("runs.csv"), delimiter=",", names=True, max_rows=5)
    assert named.dtype.names == ("depth", "iteration", "loss", "reason") and numpy.allclose(named["loss"], losses[:5])

    truth = numpy.load(path("truth.npy"))
    assert truth.shape == (6, 4) and truth.dtype == numpy.float64
    assert abs(numpy.linalg.norm(truth) - math.sqrt(24)) < 1e-12 and numpy.linalg.matrix_rank(truth) == 2
    frame = pandas.read_csv(path("truth.csv"), index_col=0, float_precision="round_trip")
    assert list(frame.columns) == list("abcd") and list(frame.index) == list(range(6))
    assert (frame.to_numpy() == truth).all()
    loss32 = numpy.load(path("loss32.npy"))
    assert loss32.shape == (12,) and loss32.dtype == numpy.float32 and all(x in truth.astype(numpy.float32) for x in loss32)

    W1, W2 = numpy.load(path("start/W1.npy")), numpy.load(path("start/W2.npy"))
    assert (W1 == numpy.arange(12.0).reshape(4, 3).T).all()  # column-major in theta
    assert (W2 == numpy.arange(12.0, 30.0).reshape(6, 3)).all()  # row-major in theta

    for name in ("runs.csv", "runs.jsonl", "runs.json", "truth.npy", "truth.csv", "loss32.npy", "start/blocks"):
        with open(path(name + ".meta.json")) as file:
            meta = json.load(file)
        assert meta["program"] == "write_outputs" and meta["seed"] == 1 and meta["tacit"] and meta["compiler"], meta
        assert meta["settings"] == {"rows": 6, "cols": 4, "rank": 2, "observed": 12}, meta

    with open(path("report.html"), encoding="utf-8") as file:
        page = file.read()
    class Balanced(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open, self.data = [], []
        def handle_starttag(self, tag, attributes):
            self.open += [] if tag in ("meta", "link") else [tag]
            if tag == "script" and ("type", "application/json") in attributes:
                self.data.append("")
        def handle_endtag(self, tag):
            assert self.open.pop() == tag, tag
        def handle_data(self, text):
            if self.open and self.open[-1] == "script" and self.data and self.data[-1] == "":
                self.data[-1] = text
    parser = Balanced()
    parser.feed(page)
    assert not parser.open, parser.open
    chart = json.loads(parser.data[0])
    assert [s["name"] for s in chart["series"]] == ["depth 2", "depth 3", "depth 4"] and len(chart["series"][0]["points"]) == 6

    missing = os.path.join(folder, "truth.npy", "below")
    refused = subprocess.run([program, missing], capture_output=True, text=True)
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1, refused
print("numpy and pandas read every output")
