# SPDX-License-Identifier: MIT
"""The main job as its users meet it: bad input ends in one sentence and exit code 1 (or a warning), Ctrl-C in 130, --resume goes on.
Usage: main_job.py FOLDER_OF_THE_PROGRAMS"""
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

import numpy

program = os.path.join(sys.argv[1], "matrix_completion")
folder = tempfile.mkdtemp(prefix="tacit-main-job-")
path = lambda name: os.path.join(folder, name)
quick = {"--depths": "2", "--iterations": "200", "--out": path("out")}
failures = []


def put(name, content):
    with open(path(name), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path(name)


def run(*arguments, **options):
    defaults = [word for option, value in quick.items() if option not in arguments for word in (option, value)]
    quiet = [] if "--quiet" in arguments else ["--quiet"]
    return subprocess.run([program, *defaults, *quiet, *arguments], capture_output=True, text=True, timeout=300, **options)


def refused(what, expected, *arguments, **options):
    """Exit code not 0, and one sentence that names what, where and why."""
    done = run(*arguments, **options)
    said = done.stderr.replace("Run with --help for more information.", "").strip()
    good = done.returncode not in (0, 130) and done.returncode > 0 and expected in said and len(said.splitlines()) == 1
    print(f"{'ok  ' if good else 'FAIL'} {what}: exit {done.returncode}: {said}")
    if not good:
        failures.append(what)


def accepted(what, condition, said=""):
    print(f"{'ok  ' if condition else 'FAIL'} {what}{': ' + said.strip() if said else ''}")
    if not condition:
        failures.append(what)


def data(what, name, content, expected):
    refused(what, expected, "--data", put(name, content))


rng = numpy.random.default_rng(1)
good = "".join(f"{i},{j},{rng.normal():.6f}\n" for i in range(20) for j in range(15) if rng.random() < 0.7)
matrix = "\n".join(",".join(f"{rng.normal():.4f}" for _ in range(8)) for _ in range(12))

# ---- files
data("empty file", "empty.csv", "", "empty.csv: is empty")
data("header only", "header.csv", "user,item,rating\n", "header line and no r")
data("wrong column count", "columns.csv", matrix + "\n1,2,3\n", "line 13: has 3 columns, line 1 has 8")
data("text where a number is due", "text.csv", matrix + "\n1,2,3,4,x,6,7,8\n", "line 13, column 5: 'x' is not a number")
data("infinity", "infinity.csv", matrix + "\n1,2,3,4,inf,6,7,8\n", "line 13, column 5: 'inf' is infinite")
data("duplicates", "twice.csv", "user,item,rating\n" + good + good.splitlines()[3] + "\n", "comes a second time, first on line 5")
data("a number too large", "range.csv", matrix + "\n1,2,3,4,1e999,6,7,8\n", "too large")
array = rng.normal(size=(12, 8))
numpy.save(path("array.npy"), array)
whole = open(path("array.npy"), "rb").read()
data("truncated NPY", "cut.npy", whole[:-20], "cut short")
numpy.save(path("big.npy"), array.astype(">f8"))
refused("big-endian NPY", "big-endian", "--data", path("big.npy"))
numpy.save(path("object.npy"), numpy.array([[1, None], [2, 3]], dtype=object), allow_pickle=True)
refused("object-typed NPY", "object", "--data", path("object.npy"))
infinite = array.copy()
infinite[3, 4] = numpy.inf
numpy.save(path("infinite.npy"), infinite)
refused("infinity in NPY", "infin", "--data", path("infinite.npy"))
refused("a directory", "is a directory", "--data", folder)
refused("no such file", "No such file", "--data", path("nowhere.csv"))
secret = put("secret.csv", good)
os.chmod(secret, 0)
if os.geteuid() != 0:
    refused("no permission", "ermission denied", "--data", secret)
else:  # root reads everything: try as somebody else
    os.chmod(folder, 0o755)
    os.makedirs(path("theirs"), exist_ok=True)
    os.chmod(path("theirs"), 0o777)
    refused("no permission", "ermission denied", "--out", path("theirs"), "--data", secret, user=65534, group=65534)
data("zero observations", "gaps.csv", ",\n,\n", "gaps.csv")
data("one entry, nothing to hold out", "one.csv", "1,1,3\n", "")
refused("a file without a name", "names no file", "--data", "")
big = "".join(f"{k % 20001},{k * 7919 % 6007},{k % 5}\n" for k in range(30000))
data("a completed W that would not fit", "big.csv", big, "20001 x 6007, would have 120146007 entries")
data("all values equal", "equal.csv", "".join(f"{i},{j},3\n" for i in range(8) for j in range(8)), "all training entries")
for what, text in {"CRLF": matrix.replace("\n", "\r\n"), "BOM": "\ufeff" + matrix, "no final newline": matrix}.items():
    done = run("--data", put(what.replace(" ", "") + ".csv", text))
    accepted(f"{what} is read", done.returncode == 0, done.stderr)
done = run("--data", put("lonely.csv", "a,b,c,d\n" + "1,2,3,\n2,1,4,\n3,1,1,\n" * 4 + ",,,\n"))
accepted("rows and columns without a training entry are named", done.returncode == 0 and "Warning" in done.stderr, done.stderr)

# ---- writing
refused("output folder that cannot be made", "cannot be made", "--out", put("file", "") + "/out")
if os.path.exists("/dev/full"):
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    first = run("--data", path("array.npy"), "--out", path("full"))
    before = {name: open(path("full/" + name), "rb").read() for name in os.listdir(path("full"))}
    refused("no room while writing", "cannot be written", "--data", path("array.npy"), "--out", path("full"),
            preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), limit()))
    after = {name: open(path("full/" + name), "rb").read() for name in os.listdir(path("full"))}
    accepted("... and the old files stay whole, nothing half-written beside them", after == before)
    said = run("--data", path("array.npy"), "--out", path("full"), preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), limit())).stdout
    accepted("... and the table is printed all the same", "chosen" in said and "test_rmse" in said)
    with open("/dev/full", "w") as full:
        done = subprocess.run([program, "--depths", "1", "--iterations", "20", "--no-baseline", "--quiet", "--out", path("out")], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=300)
    accepted("a standard output that is full", done.returncode == 1 and "cannot be written to the standard output" in done.stderr, done.stderr)

# ---- settings
refused("widths of zero", "--width is 0", "--width", "0")
refused("negative rate", "--rate is -1", "--optimizer", "gd", "--rate", "-1")
refused("zero rate", "--rate is 0", "--optimizer", "gd", "--rate", "0")
refused("rate that diverges", "not finite", "--optimizer", "gd", "--rate", "1e9", "--no-baseline")
refused("a batch of no observation", "--batch is -5", "--optimizer", "sgd", "--batch", "-5")
refused("negative plateau", "--plateau is -1", "--plateau", "-1")
refused("negative patience", "--patience is -3", "--patience", "-3")
refused("a tolerance that is no number", "--tolerance is nan", "--tolerance", "nan")
refused("negative seed", "--seed: is -1", "--seed", "-1")
refused("negative rows", "--rows -5", "--rows", "-5")
refused("a depth twice", "has 2 more than once", "--depths", "2,2")
refused("a penalty without strength", "needs a positive --lambda", "--penalty", "weight_decay")
refused("a synthetic task beside data", "--rows describes the synthetic task", "--data", path("array.npy"), "--rows", "7")
refused("a split without data", "--test is given without --data", "--test", "0.2")
refused("widths beyond the memory", "not enough memory", "--width", "1000000000000", "--no-baseline")
refused("more observed than entries", "", "--rows", "10", "--cols", "10", "--observed", "101")
refused("no observed entry", "", "--observed", "0")
refused("depth 0", "--depths has 0", "--depths", "0")
refused("unknown optimizer", "sgdx", "--optimizer", "sgdx")
refused("unknown option", "--bogus", "--bogus")
refused("a dense W that does not fit", "100000 x 100000", "--rows", "100000", "--cols", "100000", "--observed", "10")

# ---- what it does with a task that is hard: a row without an entry is named, and a saddle on the way (a hundred steps that change less than 1e-5) is no end
done = run("--rows", "40", "--cols", "40", "--rank", "1", "--observed", "60", "--no-baseline")
accepted("a synthetic task's rows without an entry are named", "Warning" in done.stdout and "; rows " in done.stdout, done.stdout.split("Warning")[-1].splitlines()[0])
run("--rows", "122", "--cols", "40", "--rank", "7", "--observed", "2098", "--depths", "5", "--width", "36", "--seed", "34749", "--init", "orthogonal",
    "--no-baseline", "--iterations", "100000", "--out", path("saddle"))
with open(path("saddle/summary.json")) as file:
    row = json.load(file)[0]
accepted("a saddle is passed", row["train_loss"] <= 1e-6 and row["relative_error"] < 0.02, str(row))

# ---- Ctrl-C saves, --resume goes on to the same end
task = ["--depths", "3", "--rows", "60", "--cols", "60", "--rank", "3", "--observed", "1500", "--optimizer", "gd", "--rate", "0.05",
        "--iterations", "30000", "--tolerance", "1e-30", "--plateau", "1e-30", "--quiet", "--no-baseline"]


def rows(out):
    with open(os.path.join(path(out), "summary.json")) as file:
        summary = json.load(file)
    return summary["rows"] if isinstance(summary, dict) else summary


subprocess.run([program, *task, "--out", path("in_one_go")], check=True, capture_output=True, timeout=300)
process = subprocess.Popen([program, *task, "--out", path("in_pieces")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
time.sleep(0.5)
process.send_signal(signal.SIGINT)
_, said = process.communicate(timeout=60)
accepted("Ctrl-C saves and exits 130", process.returncode == 130 and "--resume goes on" in said, said)
done = subprocess.run([program, *task, "--out", path("in_pieces"), "--resume"], capture_output=True, text=True, timeout=300)
a, b = rows("in_one_go"), rows("in_pieces")
same = all(a[0][key] == b[0][key] for key in ("depth", "iterations", "reason", "train_loss", "relative_error", "effective_rank", "nuclear_norm"))
accepted("--resume ends where one go ends, to the last digit", done.returncode == 0 and same, done.stderr)
refused("--resume with another seed", "data_fingerprint", *task, "--out", path("in_pieces"), "--resume", "--seed", "2")
refused("--resume with another optimizer", "optimizer is", *[word.replace("0.05", "0.04") for word in task], "--out", path("in_pieces"), "--resume")
refused("--resume with another model", "layout is", *task, "--out", path("in_pieces"), "--resume", "--width", "30")
checkpoint = path("in_pieces/depth-3.checkpoint")
content = open(checkpoint, "rb").read()
open(checkpoint, "wb").write(content[:-100])
refused("a checkpoint cut short", "cut short", *task, "--out", path("in_pieces"), "--resume")

open(checkpoint, "wb").write(b"tacit run 9" + content[11:])
refused("a checkpoint of another format", "not a checkpoint of a run", *task, "--out", path("in_pieces"), "--resume")
print(f"{len(failures)} of these failed: {failures}" if failures else "all as it should be")
subprocess.run(["rm", "-rf", folder])
sys.exit(1 if failures else 0)
