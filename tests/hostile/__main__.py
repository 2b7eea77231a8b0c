"""``python -m tests.hostile``: hostile material at length, with progress and a summary; exit code tells.

python -m tests.hostile --minutes 10
python -m tests.hostile --queries 1000000 --documents 100000 --forms 10000
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.hostile.trials import TRIALS, Outcome, run

_SECONDS_BETWEEN_LINES = 10.0


def main() -> int:
    """Run what was asked for; without any numbers all kinds share the minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--minutes", type=float, help="share of all kinds that no number is given for")
    parser.add_argument("--seed", type=int, default=1)
    for name in TRIALS:
        parser.add_argument(f"--{name}", type=int, metavar="N")
    chosen = parser.parse_args()
    numbers = {name: getattr(chosen, name) for name in TRIALS}
    if chosen.minutes is None and not any(numbers.values()):
        parser.error("--minutes or one of " + ", ".join(f"--{name}" for name in TRIALS) + " is needed")
    names = [name for name in TRIALS if numbers[name] or (chosen.minutes and numbers[name] is None)]
    share = 60 * (chosen.minutes or 0) / len(names)
    failed = 0
    for name in names:
        outcome = _run(name, chosen.seed, numbers[name], share)
        print("\n".join(outcome.lines()), flush=True)
        failed += outcome.failed
    return 1 if failed else 0


def _run(name: str, seed: int, number: int | None, seconds: float) -> Outcome:
    began = told = time.monotonic()

    def wanted(outcome: Outcome) -> bool:
        return outcome.tried < number if number else time.monotonic() - began < seconds

    def progress(outcome: Outcome) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _SECONDS_BETWEEN_LINES:
            told = now
            of = f" of {number}" if number else ""
            rate = outcome.tried / (now - began)
            print(
                f"{outcome.name}: {outcome.tried}{of}, {rate:.0f} a second, {outcome.failed} failed", flush=True
            )

    trial = TRIALS[name](seed)
    try:
        return run(trial, wanted, progress)
    finally:
        trial.close()


if __name__ == "__main__":
    sys.exit(main())
