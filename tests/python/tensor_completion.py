# SPDX-License-Identifier: MIT
"""numpy rebuilds W and the completed tensor from the model folders of tensor_completion, kind by kind, and a planted CP's factors come back; complete takes
tensors as it takes tables: intervals of every gap, predictions by a saved model, ranges, holdouts, folds of a file.
Usage: tensor_completion.py FOLDER_OF_THE_PROGRAMS"""
import itertools
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

program = os.path.join(sys.argv[1], "tensor_completion")
random = np.random.default_rng(1)
truth = [random.random((n, 2)) + 0.1 for n in (8, 7, 6)]
X = np.einsum("ir,jr,kr->ijk", *truth) + 0.001 * random.standard_normal((8, 7, 6))
gaps = random.random(X.shape) < 0.3


def block(folder, name, times=lambda A, M: A @ M.T):
    """The block of that name; of a deep model times its chain's matrices."""
    A = np.load(os.path.join(folder, name + ".npy"))
    for l in itertools.count(1):
        path = os.path.join(folder, f"{name}_M{l}.npy")
        if not os.path.exists(path):
            return A
        A = times(A, np.load(path))


rebuild = {
    "cp": lambda f: np.einsum("ir,jr,kr->ijk", block(f, "A1"), block(f, "A2"), block(f, "A3")),
    "tucker": lambda f: np.einsum("abc,ia,jb,kc->ijk", block(f, "G"), block(f, "U1"), block(f, "U2"), block(f, "U3")),
    "tt": lambda f: np.einsum("zai,abj,bzk->ijk", block(f, "G1", lambda G, M: np.einsum("ab,zbi->zai", M, G)), *(block(f, name, lambda G, M: np.tensordot(M, G, 1)) for name in ("G2", "G3"))),
    "hierarchical": lambda f: np.einsum("ia,ja,ab,kb,bz->ijk", block(f, "A1"), block(f, "A2"), block(f, "B_1_2"), block(f, "A3"), block(f, "o")),
}
rebuild["deep-cp"], rebuild["deep-tucker"], rebuild["deep-tt"] = rebuild["cp"], rebuild["tucker"], rebuild["tt"]

with tempfile.TemporaryDirectory() as folder:
    data, out = os.path.join(folder, "x.npy"), os.path.join(folder, "out")
    np.save(data, np.where(gaps, np.nan, X))
    for kind, W in rebuild.items():
        subprocess.run([program, data, "--model", kind, "--rank", "2", "--folds", "2", "--budget", "1s", "--no-baselines", "--out", out], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        model = os.path.join(out, "model")
        with open(os.path.join(model, "model.json"), encoding="utf-8") as file:
            info = json.load(file)
        y = info["offset"] + info["scale"] * W(model)
        for n, name in enumerate(info["effects"]):
            y = y + np.load(os.path.join(model, name)).reshape([-1 if m == n else 1 for m in range(3)])
        completed = np.load(os.path.join(out, "completed.npy"))
        assert (completed[~gaps] == X[~gaps]).all(), kind
        assert abs(y - completed)[gaps].max() <= 1e-12 * abs(completed).max(), (kind, abs(y - completed)[gaps].max())
        if kind == "cp":
            assert np.sqrt(np.mean((y - X) ** 2)) < 0.05 * X.std(), np.sqrt(np.mean((y - X) ** 2))
            for n in range(3):
                corr = abs(np.corrcoef(truth[n].T, block(model, f"A{n + 1}").T)[:2, 2:]).max(axis=1)
                assert (corr > 0.95).all(), (n, corr)
        for name in sorted(os.listdir(model)):
            os.remove(os.path.join(model, name))

    def refused(*arguments):
        """The sentence on stderr of a run that is refused, and leaves nothing behind."""
        nothing = os.path.join(folder, "nothing")
        run = subprocess.run([program, "--quiet", *(arguments if "--output" in arguments else (*arguments, "--output", nothing))], capture_output=True, text=True)
        assert run.returncode == 1 and not os.path.exists(nothing) and not run.stdout, (arguments, run)
        return run.stderr.strip().split("\n")[-1].removeprefix("tensor_completion: ").removeprefix(folder + os.sep)

    for unit in (1e200, 1e-200):
        np.save(data, unit * X)
        assert refused(data).startswith("x.npy: the largest entry has size "), refused(data)
    np.save(data, X)
    assert refused(data, "--model", "cp", "--rank", "1000000000") == "x.npy: rank 1000000000 on the 21 slices of the 8 x 7 x 6 tensor is more than the 10^8 parameters that are fitted"
    assert refused(data, "--folds", "1000") == "x.npy: 336 observed entries are too few for 1000 folds with validation entries"
    assert refused(data, "--output", "") == "--output is empty, it needs to name a folder"
    assert refused("--shape", "3", "3") == "--shape is for coordinates, and no file is given"
    blocked = os.path.join(folder, "blocked")
    os.makedirs(os.path.join(blocked, "summary.json"))  # cannot be written to: the table is there all the same
    run = subprocess.run([program, data, "--model", "cp", "--rank", "6", "--folds", "2", "--budget", "1s", "--no-baselines", "--out", blocked], capture_output=True, text=True)
    assert run.returncode == 1 and "summary.json" in run.stderr and "CP, averaged" in run.stdout, run
    assert "of its 6 components have vanished" in run.stdout, run.stdout
    with open(os.path.join(folder, "long.tns"), "w", encoding="utf-8") as file:
        file.writelines(" ".join(str(i) for i in random.integers(1, 9, 12)) + f" {k}\n" for k in range(60))
    assert refused(os.path.join(folder, "long.tns"), "--model", "tucker", "--rank", "4").startswith("long.tns: rank 4 makes a core of 16777216 numbers of a Tucker")
    with open(os.path.join(folder, "ids.tns"), "w", encoding="utf-8") as file:
        file.write("2000000000 1 1 3.5\n1 2 1 4\n")
    assert refused(os.path.join(folder, "ids.tns")).endswith("2 x 1 tensor is more than the 10^8 parameters that are fitted; number the indices without gaps")

    # ---- the program `complete` on the same file: a tensor, unless --mode makes a matrix of it
    complete = os.path.join(sys.argv[1], "complete")
    noisy = X + 0.05 * random.standard_normal(X.shape)
    np.save(data, np.where(gaps, np.nan, noisy))
    short = ("--model", "cp", "--rank", "2", "--folds", "2", "--budget", "2s", "--no-baselines", "--out", out)

    def ran(*arguments):
        run = subprocess.run([complete, *arguments], capture_output=True, text=True)
        assert run.returncode == 0, (arguments, run.stderr)
        return run

    asked = os.path.join(folder, "asked.csv")
    with open(asked, "w", encoding="utf-8") as file:
        file.write("ligand,time,cell\n1,2,3\n7,6,5\n1,2,3\n8,0,0\n")
    run = ran(data, *short, "--predict", asked, "--range", "0.05", "1.5", "--save", os.path.join(folder, "kept"))
    assert "(8,0,0) lies outside the 8 x 7 x 6 tensor" in run.stderr and "1 line of unknown ids left empty" in run.stdout, run
    with open(os.path.join(out, "gaps.csv"), encoding="utf-8") as file:
        lines = [line.split(",") for line in file.read().splitlines()]
    assert lines[0] == ["mode_1", "mode_2", "mode_3", "prediction", "low", "high"] and len(lines) == 1 + gaps.sum(), lines[0]
    completed, inside = np.load(os.path.join(out, "completed.npy")), 0
    for i, j, k, z, low, high in ([int(x) for x in line[:3]] + [float(x) for x in line[3:]] for line in lines[1:]):
        assert gaps[i, j, k] and z == completed[i, j, k] and 0.05 <= low <= z <= high <= 1.5, (i, j, k)
        inside += low <= np.clip(noisy[i, j, k], 0.05, 1.5) <= high
    assert 0.8 < inside / gaps.sum() < 0.98, inside / gaps.sum()
    with open(os.path.join(out, "predictions.csv"), encoding="utf-8") as file:
        first = file.read()
    lines = first.splitlines()
    assert lines[0] == "mode_1,mode_2,mode_3,prediction,low,high" and lines[1] == lines[3] and lines[4] == "8,0,0,,,", lines
    for model in (os.path.join(out, "model"), os.path.join(folder, "kept")):
        ran("--load", model, "--predict", asked, "--out", os.path.join(folder, "again"))
        with open(os.path.join(folder, "again", "predictions.csv"), encoding="utf-8") as file:
            assert file.read() == first, model  # with the range that was saved
    # New slices of modes 1 and 2, from a third of their entries, as an array, as a single slice, as coordinates.
    fresh = os.path.join(folder, "fresh.npy")
    for mode, sizes in ((1, "br,jr,kr->bjk"), (2, "ir,br,kr->ibk")):
        lines = random.random((3, 2)) + 0.1
        whole = np.einsum(sizes, *(lines if n + 1 == mode else A for n, A in enumerate(truth)))
        known = random.random(whole.shape) < 0.33
        np.save(fresh, np.where(known, whole, np.nan))
        run = ran("--load", os.path.join(folder, "kept"), "--new-rows", fresh, "--new-mode", str(mode), "--out", os.path.join(folder, "again"))
        assert "3 new slices" in run.stdout and f"3 new slices of mode {mode}, {known.sum()} entries known; ridge 0." in run.stderr, run
        found = np.load(os.path.join(folder, "again", "new_slices.npy"))
        assert (found[known] == whole[known]).all() and np.sqrt(np.mean((found - np.clip(whole, 0.05, 1.5))[~known] ** 2)) < 0.1 * whole.std(), mode
        with open(os.path.join(folder, "again", "new_slices_gaps.csv"), encoding="utf-8") as file:
            rows = [line.split(",") for line in file.read().splitlines()]
        assert rows[0] == ["mode_1", "mode_2", "mode_3", "prediction", "low", "high"] and len(rows) == 1 + (~known).sum(), rows[0]
        assert all(float(r[4]) <= float(r[3]) <= float(r[5]) and float(r[3]) == found[tuple(int(x) for x in r[:3])] for r in rows[1:])
        assert np.mean([float(r[4]) <= np.clip(whole[tuple(int(x) for x in r[:3])], 0.05, 1.5) <= float(r[5]) for r in rows[1:]]) > 0.8, mode
        if mode == 1:
            listed = os.path.join(folder, "fresh.csv")
            with open(listed, "w", encoding="utf-8") as file:
                file.writelines(f"{i},{j},{k},{float(whole[i, j, k])!r}\n" for i, j, k in zip(*np.nonzero(known)))
            ran("--load", os.path.join(folder, "kept"), "--new-rows", listed, "--out", os.path.join(folder, "third"))
            assert (np.load(os.path.join(folder, "third", "new_slices.npy")) == found).all()
            np.save(fresh, np.where(known, whole, np.nan)[1])
            ran("--load", os.path.join(folder, "kept"), "--new-rows", fresh, "--out", os.path.join(folder, "third"))
            assert abs(np.load(os.path.join(folder, "third", "new_slices.npy"))[0] - found[1]).max() < 1e-12
    wide = subprocess.run([complete, "--load", model, "--new-rows", fresh, "--new-mode", "3", "--out", out], capture_output=True, text=True)
    assert wide.returncode == 1 and "new slices of mode 3 (--new-mode) of the 8 x 7 x 6 model are as large as the model but for that mode; the file is 8 x 3 x 6" in wide.stderr, wide
    for holdout, words in (("slices:1", "whole slices of mode 1"), ("fibres:2", "whole fibres of mode 2"), ("runs:2:3", "runs along mode 2"), ("blocks", "blocks of lines")):
        ran(data, *short, "--holdout", holdout)
        with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
            assert words in file.read(), holdout
    with open(os.path.join(folder, "folds.csv"), "w", encoding="utf-8") as file:
        file.writelines(f"{i},{j},{k},{(i + j) % 3}\n" for i, j, k in zip(*np.nonzero(~gaps)))
    ran(data, *short, "--folds-file", os.path.join(folder, "folds.csv"))
    with open(os.path.join(out, "summary.csv"), encoding="utf-8") as file:
        assert file.read().splitlines()[1].split(",")[-2] == "3"
    ran(data, *short, "--scale", "3")
    assert os.path.exists(os.path.join(out, "slices.csv"))
    run = ran(data, "--mode", "1", "--folds", "2", "--budget", "2s", "--no-baselines", "--out", out)
    assert "unfolded at mode 1" in run.stderr and "depth 2" in run.stdout, run
    for wrong, sentence in ((("--holdout", "slices:4"), "has 3 modes"), (("--scale", "4"), "mode 3 is asked for"), (("--scale", "big"), "--scale is 'big'")):
        run = subprocess.run([complete, data, *short, *wrong], capture_output=True, text=True)
        assert run.returncode == 1 and sentence in run.stderr, run

print("numpy rebuilds every kind of tensor model, and finds the factors that were planted")
