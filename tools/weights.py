"""Logistic regressions over named features, and the tables of their weights; scikit-learn does the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from indexer.annotate.data.weights import CONSTANT

# A feature of fewer rows is chance.
FEWEST_ROWS = 3


def learn(rows: Sequence[Mapping[str, float]], answers: Sequence[object], inverse_penalty: float) -> Any:
    """A pipeline that guesses answers from rows; ``inverse_penalty`` is for features of unit deviation."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    counts = Counter(name for row in rows for name in row)
    kept = [{name: value for name, value in row.items() if counts[name] >= FEWEST_ROWS} for row in rows]
    model = make_pipeline(
        DictVectorizer(),
        StandardScaler(with_mean=False),
        LogisticRegression(C=inverse_penalty, max_iter=5000),
    )
    return model.fit(kept, answers)


def table(model: Any, columns: Sequence[str]) -> str:
    """The weights by feature for values as they are (the scaling is folded in), one column for each answer.

    A yes-or-no question has one column, whatever its name.
    """
    names, scaler, regression = model[0].get_feature_names_out(), model[1], model[2]
    classes = list(regression.classes_)
    order = [classes.index(column) for column in columns] if len(columns) > 1 else [0]
    rows = [(CONSTANT, regression.intercept_[order])]
    rows += sorted((name, regression.coef_[order, at] / scaler.scale_[at]) for at, name in enumerate(names))
    lines = ["\t".join(("Merkmal", *columns))]
    lines += ["\t".join((name, *(f"{value:.3f}" for value in values))) for name, values in rows]
    return "\n".join(lines) + "\n"
