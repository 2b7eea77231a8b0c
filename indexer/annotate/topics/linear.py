"""Logistic regression in numpy: small, deterministic, and its weights can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The weight of the penalty Σw²/2 against the sum of all losses: 0.3, because rows have length 1, so that single
# words may earn weights of 2 to 4 from a few dozen documents.
_PENALTY = 0.3
# Enough for a change below 0.001 in every weight with 60 to 2,000 rows; two topics of 1,000 rows take a second.
_ROUNDS = 400

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """What was learnt: probability = σ(bias + Σ weight·value)."""

    weights: Matrix
    bias: float

    def probabilities(self, rows: Matrix) -> Matrix:
        """One for each row, between 0 and 1."""
        return _sigmoid(rows @ self.weights + self.bias)


def matrix(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    """Rows of feature numbers as a matrix whose rows have length 1 (or 0 where there is no feature)."""
    values = np.zeros((len(rows), width))
    for number, features in enumerate(rows):
        if features:
            values[number, list(features)] = len(features) ** -0.5
    return values


def fit(rows: Matrix, labels: Sequence[bool]) -> Line:
    """Minimise the penalised logistic loss; both classes count equally, however many rows they have.

    Nesterov's accelerated gradient with step 1/L (Y. Nesterov, Introductory Lectures on Convex Optimization,
    2004, 2.2); L is at most a quarter of the rows' squared length including the bias, so 0.5, plus the penalty.

    Raises:
        ValueError: a class has no row.
    """
    wanted = np.array(labels, dtype=np.float64)
    positive = wanted.sum()
    if not 0 < positive < len(wanted):
        raise ValueError("both classes need at least one row")
    share = np.where(wanted == 1, 0.5 / positive, 0.5 / (len(wanted) - positive))
    penalty = _PENALTY / len(wanted)
    step = 1 / (0.5 + penalty)
    point = ahead = np.zeros(rows.shape[1] + 1)
    for number in range(_ROUNDS):
        error = share * (_sigmoid(rows @ ahead[:-1] + ahead[-1]) - wanted)
        slope = np.append(rows.T @ error + penalty * ahead[:-1], error.sum())
        following = ahead - step * slope
        ahead = following + number / (number + 3) * (following - point)
        point = following
    return Line(point[:-1], float(point[-1]))


def _sigmoid(values: Matrix) -> Matrix:
    return np.asarray(0.5 * (1 + np.tanh(values / 2)), dtype=np.float64)
