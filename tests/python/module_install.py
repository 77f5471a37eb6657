# SPDX-License-Identifier: MIT
"""pip installs examples/python without a network, from a folder whose path has a space; what is installed completes a table. The compiled half is the one that
is built already: compiling it takes minutes. So the compiler that setup.py calls is one that notes which headers of impl/ it is given, all of them once, and
links by copying; and a second installation takes the built half by TACIT_MODULE."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import module, package

import glob
import importlib.util
import shutil
import subprocess
import tempfile

clone = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
copy = tempfile.mkdtemp(prefix="tacit clone ")  # pip writes into what it installs from
for folder in ["include", os.path.join("examples", "python")]:
    shutil.copytree(os.path.join(clone, folder), os.path.join(copy, folder), ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
source = os.path.join(copy, "examples", "python")
target = tempfile.mkdtemp(prefix="tacit install ")
if not all(importlib.util.find_spec(name) for name in ["pip", "setuptools", "wheel"]):
    print("no pip with setuptools and wheel (Debian: python3-pip)")
    sys.exit(77)
tools = tempfile.mkdtemp(prefix="tacit-compiler-")  # CXX is cut at blanks
notes, compiler = os.path.join(tools, "notes"), os.path.join(tools, "compiler.py")
with open(compiler, "w") as file:
    file.write(f"""import shutil, sys
arguments = sys.argv[1:]
out = arguments[arguments.index("-o") + 1]
if "-c" not in arguments:
    shutil.copy({module!r}, out)
else:
    source = arguments[arguments.index("-c") + 1]
    with open({notes!r}, "a") as notes:
        if "-DTACIT_COMPILING" in arguments:
            notes.write(open(source).read())
    open(out, "w").close()
""")
environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
pip = [sys.executable, "-m", "pip", "install", "--break-system-packages", "--no-build-isolation", "--no-deps", "--prefix", target, "--force-reinstall", source]
for half in [{"CXX": f"{sys.executable} {compiler}"}, {"TACIT_MODULE": module}]:
    done = subprocess.run(pip, capture_output=True, text=True, env={**environment, **half})
    assert done.returncode == 0, done.stdout + done.stderr
given = sorted(line[len("#include <"):-1] for line in open(notes).read().splitlines())
headers = os.path.join(clone, "include")
assert given == sorted(os.path.relpath(path, headers) for path in glob.glob(os.path.join(headers, "tacit", "*", "impl", "*.hpp"))) and len(given) > 10, given
installed = os.path.dirname(glob.glob(os.path.join(target, "**", "tacit"), recursive=True)[0])
code = """
import numpy, tacit, importlib.metadata, os
assert os.path.dirname(tacit.__file__).startswith(os.environ["PYTHONPATH"]), tacit.__file__
assert importlib.metadata.version("tacit") == tacit.__version__
X = numpy.add.outer(numpy.arange(12.0), numpy.arange(9.0)); X[2, 3] = numpy.nan
print(round(tacit.Completer(baselines=False, folds=3).fit_transform(X)[2, 3], 1))
"""
run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": installed}, cwd=target)
assert run.returncode == 0 and abs(float(run.stdout) - 5) < 0.5, run.stdout + run.stderr
for folder in [copy, target, tools]:
    shutil.rmtree(folder)
print("all as it should be")
