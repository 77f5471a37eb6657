# SPDX-License-Identifier: MIT
"""tacit.Completer as a scikit-learn estimator: its own checks, and what people do with estimators."""
import warnings
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import built_package  # puts it on the path

try:
    import sklearn
except ImportError:
    print("scikit-learn is not installed (Debian: python3-sklearn): its checks are left out")
    sys.exit(77)
import copy
import pickle

import numpy
import pandas
import tacit
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

# ---- scikit-learn's own checks. Exceptions: none.
exceptions = {}
passed, left_out = 0, []
for estimator, check in check_estimator(tacit.Completer(), generate_only=True):
    name = check.func.__name__
    if name in exceptions:
        left_out.append(name)
        continue
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            check(estimator)
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
    passed += 1
print(f"check_estimator of scikit-learn {sklearn.__version__}: {passed} checks passed, {len(left_out)} left out {left_out}")
assert passed > 30 and sorted(left_out) == sorted(exceptions)

# ---- and those that it keeps for its own estimators: names of columns, kinds of output, before and after fit. Exceptions, with their reason:
# check_set_output_transform_pandas and check_global_ouput_transform_pandas take for granted that without set_output a DataFrame is answered by an array;
# Completer answers by a DataFrame with the names that it was asked with. What they are about is tested below, under names.
for name in ["check_dataframe_column_names_consistency", "check_transformer_get_feature_names_out", "check_transformer_get_feature_names_out_pandas",
             "check_get_feature_names_out_error", "check_set_output_transform", "check_n_features_in_after_fitting",
             "check_estimators_unfitted", "check_readonly_memmap_input"]:
    check = getattr(sklearn.utils.estimator_checks, name, None)  # of scikit-learn 1.2; others may name them otherwise
    if check is not None:
        check("Completer", tacit.Completer(max_iter=5))

# ---- pipelines, searches, unions
rng = numpy.random.default_rng(0)
whole = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 12)) + 5
y = whole @ rng.normal(size=12)
X = numpy.where(rng.random(whole.shape) < 0.2, numpy.nan, whole)
c = tacit.Completer(baselines=False, folds=3, max_iter=30)
pipeline = make_pipeline(StandardScaler(), c, Ridge(1e-6))
assert pipeline.fit(X, y).score(X, y) > 0.9
assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.8, "rows of another fold are folded in"
search = GridSearchCV(make_pipeline(c, Ridge()), {"completer__width": [2, 4], "ridge__alpha": [1e-6, 1.0]}, cv=2, n_jobs=2).fit(X, y)
assert search.best_score_ > 0.8 and search.best_params_["completer__width"] in (2, 4)
assert FeatureUnion([("a", c), ("b", clone(c).set_params(random_state=2))]).fit_transform(X).shape == (60, 24)
assert RandomForestRegressor(5, random_state=0).fit(c.fit_transform(X, y), y).score(whole, y) > 0.5

# ---- clone, parameters, copies
assert clone(c).get_params() == c.get_params() and set(c.get_params()) >= {"max_iter", "budget", "random_state", "n_jobs", "folds", "depths", "coverage"}
assert c.set_params(coverage=0.8) is c and c.coverage == 0.8
assert repr(tacit.Completer(folds=3)) == "Completer(folds=3)"
fitted = clone(c).fit(X)
assert not hasattr(clone(fitted), "report_")
for again in [pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)]:
    assert numpy.array_equal(again.transform(X), fitted.transform(X))
assert numpy.array_equal(clone(c).fit(X).transform(X), clone(c).fit_transform(X, y))
for ask in [lambda: clone(c).report_, lambda: clone(c).transform(X), lambda: clone(c).intervals(X)]:
    try:
        ask()
    except NotFittedError:
        continue
    raise AssertionError("NotFittedError of scikit-learn")

# ---- names: in, through and out
columns = [f"c{j}" for j in range(12)]
frame = pandas.DataFrame(X, columns=columns, index=[f"row {i}" for i in range(60)])
out = ColumnTransformer([("gaps", c, columns[:8])], remainder="passthrough", verbose_feature_names_out=False).set_output(transform="pandas").fit_transform(frame)
assert list(out.columns) == columns and list(out.index) == list(frame.index) and out[columns[:8]].notna().all().all()
for table in [X, frame]:
    answer = clone(c).set_output(transform="pandas").fit(table).transform(table)
    assert isinstance(answer, pandas.DataFrame) and list(answer.columns) == (columns if table is frame else [f"x{j}" for j in range(12)])
    assert list(answer.index) == (list(frame.index) if table is frame else list(range(60)))
named = make_pipeline(clone(c), StandardScaler()).fit(frame)
assert list(named.get_feature_names_out()) == columns
print("all as it should be")
