# SPDX-License-Identifier: MIT
"""scikit-learn's base classes where it is installed; where it is not, the little of them that Completer needs."""
try:
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.exceptions import NotFittedError
except ImportError:
    import inspect

    class NotFittedError(ValueError, AttributeError):
        """An estimator was asked for what fit has not made yet."""

    class BaseEstimator:
        @classmethod
        def _get_param_names(cls):
            return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

        def get_params(self, deep=True):
            return {name: getattr(self, name) for name in self._get_param_names()}

        def set_params(self, **params):
            for name, value in params.items():
                if name not in self._get_param_names():
                    raise ValueError(f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {self._get_param_names()}.")
                setattr(self, name, value)
            return self

        def __repr__(self):
            defaults = inspect.signature(type(self).__init__).parameters
            changed = [f"{name}={value!r}" for name, value in self.get_params().items() if value != defaults[name].default]
            return f"{type(self).__name__}({', '.join(changed)})"

    class TransformerMixin:
        def fit_transform(self, X, y=None, **fit_params):
            return self.fit(X, y, **fit_params).transform(X)

__all__ = ["BaseEstimator", "NotFittedError", "TransformerMixin"]
