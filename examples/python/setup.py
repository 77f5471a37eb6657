# SPDX-License-Identifier: MIT
"""pip install ./examples/python    from a clone: the headers of include/ are compiled into the package.

Needs a C++20 compiler, Eigen (Debian: libeigen3-dev; elsewhere EIGEN3_INCLUDE_DIR) and pybind11 (Debian: python3-pybind11, or pybind11-dev alone).
CXXFLAGS=-march=native makes it some three times as fast, on this kind of machine only. There is no pyproject.toml on purpose: without one Debian's
pip builds with the setuptools and pybind11 that are installed, and asks no network. TACIT_MODULE=build/python/examples/python/tacit/_tacit...so takes the
compiled half that CMake has made instead of compiling it once more.
"""
import glob
import os
import re
import shutil
import subprocess

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

here = os.path.dirname(os.path.abspath(__file__))
include = os.path.join(here, "..", "..", "include")
if not os.path.exists(os.path.join(include, "tacit", "version.hpp")):
    raise SystemExit(f"tacit: {include}/tacit/version.hpp is not there; install from a clone of Tacit, which has the headers two folders up")
with open(os.path.join(include, "tacit", "version.hpp")) as file:
    version = ".".join(re.findall(r"#define TACIT_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", file.read()))


def first_with(name, folders, what):
    for folder in folders:
        if folder and os.path.exists(os.path.join(folder, name)):
            return folder
    raise SystemExit(f"tacit: {what} not found: {name} is in none of {', '.join(filter(None, folders))}")


def pybind11_include():
    try:
        import pybind11
        return pybind11.get_include()
    except ImportError:
        return first_with("pybind11/pybind11.h", ["/usr/include", "/usr/local/include"], "pybind11 (Debian: python3-pybind11 or pybind11-dev)")


class Build(build_ext):
    """What impl/ defines is compiled apart from the module, as the CMake build has it (include/tacit/core/compiled.hpp): less memory, and as many
    at a time as there are cores."""

    def build_extension(self, extension):
        target = self.get_ext_fullpath(extension.name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.environ.get("TACIT_MODULE"):
            shutil.copy(os.environ["TACIT_MODULE"], target)
            return
        eigen = first_with("Eigen/Core", [os.environ.get("EIGEN3_INCLUDE_DIR"), "/usr/include/eigen3", "/usr/local/include/eigen3",
                                          "/opt/homebrew/include/eigen3"], "Eigen (Debian: libeigen3-dev, or set EIGEN3_INCLUDE_DIR)")
        os.makedirs(self.build_temp, exist_ok=True)
        sources = [os.path.join(here, "tacit.cpp"), *self.compiled_once()]
        objects, running = [], []
        jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        for source in sources:
            out = os.path.join(self.build_temp, os.path.splitext(os.path.basename(source))[0] + ".o")
            command = [*self.compiler.compiler_so, "-std=c++20", "-O2", "-DNDEBUG", "-g0", "-w", "-fvisibility=hidden", "-DTACIT_COMPILED",
                       *(["-DTACIT_COMPILING"] if source is not sources[0] else []), "-I" + include, "-isystem", eigen,
                       "-isystem", pybind11_include(), *("-I" + folder for folder in self.compiler.include_dirs), "-pthread",
                       *os.environ.get("CXXFLAGS", "").split(), "-c", source, "-o", out]
            command[0:1] = os.environ.get("CXX", "c++").split()
            print(" ".join(command), flush=True)
            running.append(subprocess.Popen(command))
            objects.append(out)
            if len(running) == jobs:
                self.wait(running.pop(0))
        for process in running:
            self.wait(process)
        linker = list(self.compiler.linker_so)
        linker[0:1] = os.environ.get("CXX", "c++").split()
        subprocess.run([*linker, *objects, "-pthread", "-o", target], check=True)

    def compiled_once(self):
        """A source for each room with an impl/, of all of its headers."""
        sources = []
        for folder in sorted(glob.glob(os.path.join(include, "tacit", "*", "impl"))):
            room = os.path.basename(os.path.dirname(folder))
            sources.append(os.path.join(self.build_temp, f"{room}.cpp"))
            with open(sources[-1], "w") as file:
                for header in sorted(glob.glob(os.path.join(folder, "*.hpp"))):
                    file.write(f"#include <tacit/{room}/impl/{os.path.basename(header)}>\n")
        return sources

    @staticmethod
    def wait(process):
        if process.wait() != 0:
            raise SystemExit("tacit: the compiler stopped with an error (above); a C++20 compiler is needed, g++ 12 or clang++ 14 or later (CXX=...)")


setup(
    name="tacit",
    version=version,
    description="Tables with gaps completed by deep matrix factorizations",
    license="MIT",
    packages=["tacit"],
    python_requires=">=3.9",
    install_requires=["numpy"],
    extras_require={"sklearn": ["scikit-learn"]},
    ext_modules=[Extension("tacit._tacit", sources=[])],
    cmdclass={"build_ext": Build},
    zip_safe=False,
)
