# SPDX-License-Identifier: MIT
"""numpy rebuilds W and the predictions from what examples/save_model saved.  Usage: read_model.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import subprocess
import sys
import tempfile

import numpy

program = os.path.join(sys.argv[1], "save_model")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, folder], check=True, stdout=subprocess.DEVNULL)
    path = lambda name: os.path.join(folder, name)

    W1, W2, W3 = (numpy.load(path(f"W{l}.npy")) for l in (1, 2, 3))
    with open(path("model.json"), encoding="utf-8") as file:
        info = json.load(file)
    rebuilt = info["offset"] + info["scale"] * (W3 @ W2 @ W1)

    assert info["format"] == 1 and info["kind"] == "DeepMatrix" and info["scalar"] == "float64", info
    assert info["widths"] == [20, 20, 25, 30] and info["factors"] == ["W1.npy", "W2.npy", "W3.npy"], info
    assert info["row_labels"] == [f"row {i}" for i in range(1, 31)] and info["col_labels"] == [], info
    assert info["row_effects"] is None and info["scale"] == 2 and info["seed"] == 1 and info["settings"] == {"rate": 1e-3}, info
    assert info["tacit"] and info["compiler"], info
    for W, shape in ((W1, (20, 20)), (W2, (25, 20)), (W3, (30, 25))):
        assert W.shape == shape and W.dtype == numpy.float64, W.shape

    predictions = numpy.load(path("predictions.npy"))
    assert predictions.shape == (30, 20)
    assert abs(rebuilt - predictions).max() <= 1e-12 * abs(predictions).max(), abs(rebuilt - predictions).max()
    assert numpy.linalg.norm(W3 @ W2 @ W1) > 1  # it was trained, not just started

print("numpy rebuilds the model's predictions")
