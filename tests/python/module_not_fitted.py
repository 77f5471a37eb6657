# SPDX-License-Identifier: MIT
"""Whatever is asked of a Completer before fit is answered by an exception, never by the end of the interpreter. Usage: as tests/python/CMakeLists.txt says."""
import copy
import subprocess
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from built_package import package

asked = {
    "report_": "c.report_", "half_width_": "c.half_width_", "n_iter_": "c.n_iter_", "n_features_in_": "c.n_features_in_",
    "feature_names_in_": "c.feature_names_in_", "transform": "c.transform(X)", "intervals": "c.intervals(X)",
    "get_feature_names_out": "c.get_feature_names_out()",
}
start = f"import sys; sys.path.insert(0, {package!r}); import numpy, tacit; X = numpy.ones((4, 3)); c = tacit.Completer()\n"

import numpy
import tacit

for what, line in asked.items():
    for c in [tacit.Completer(), copy.deepcopy(tacit.Completer())]:
        try:
            eval(line, {"c": c, "X": numpy.ones((4, 3))})
        except (ValueError, AttributeError) as error:
            assert type(error).__name__ == "NotFittedError" and "fit comes before" in str(error) and what in str(error), (what, error)
        else:
            raise AssertionError(what)

c = tacit.Completer()
assert not hasattr(c, "report_") and not hasattr(c, "no_such_thing")
try:
    c.no_such_thing
except AttributeError as error:
    assert not isinstance(error, ValueError) and "no_such_thing" in str(error), error
try:  # a fit that fails leaves it as it was
    c.fit(numpy.full((3, 3), numpy.nan))
except ValueError as error:
    assert "0 observed entries" in str(error), error
assert not hasattr(c, "report_")
try:
    c.report_
except (ValueError, AttributeError) as error:
    assert type(error).__name__ == "NotFittedError"

# ---- without scikit-learn the package has what of it is needed
code = start.replace("import numpy", "sys.modules['sklearn'] = None; sys.modules['sklearn.base'] = None; import numpy") + """
import pickle
assert repr(tacit.Completer(folds=3)) == "Completer(folds=3)" and c.get_params()["folds"] == 5 and c.set_params(folds=3) is c and c.folds == 3
try:
    c.set_params(fold=3)
except ValueError as error:
    assert "Invalid parameter 'fold'" in str(error)
try:
    c.report_
except (ValueError, AttributeError) as error:
    assert type(error).__name__ == "NotFittedError" and "sklearn" not in type(error).__module__
X = numpy.add.outer(numpy.arange(12.0), numpy.arange(9.0))
X[2, 3] = numpy.nan
whole = c.set_params(baselines=False, max_iter=30).fit_transform(X, y=None)
assert abs(whole[2, 3] - 5) < 0.5 and (pickle.loads(pickle.dumps(c)).transform(X) == whole).all()
print("done")
"""
done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
assert done.stdout.strip() == "done", done.stderr
print("all as it should be")
