"""A comparison in which a scenario is not what it looks like is warned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.errors import warn_caller

from .changes import changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .provenance import Request


def warn_of_order(request: Sequence[Request]) -> None:
    """Warn when the first scenario is itself an option, above all of one that comes after it.

    asked: the baseline, then the options. An option made in Python may be meant as a baseline
    of one's own, so it is warned of only where what it was made from comes after it. So is a file
    that follows other people than what it extends, such as those of another area.
    """
    first, *others = request
    above = list(first.scenario.lineage.ancestors())
    after = [each for each in others if each.scenario in above]
    if after:
        message = (
            f"'{first.title}' is an option of '{after[0].title}' and is given before it, so each "
            "difference is from the option; give the baseline first"
        )
    elif above and first.file is not None and above[0].cohort == first.scenario.cohort:
        message = (
            f"{first.file}: is itself an option of '{above[0].title}', so each difference is "
            f"from '{first.title}' and not from what it extends"
        )
    else:
        return
    warn_caller(message)


def warn_of_repeats(request: Sequence[Request]) -> None:
    """Warn of an option that is the baseline itself, and of one that is given again."""
    baseline, *options = request
    for number, option in enumerate(options):
        # An option made idle by its own overrides has been warned of where it was made.
        same = option.scenario.title == baseline.scenario.title
        if same and not changes(baseline.scenario, option.scenario):
            message = f"the option '{option.title}' is the baseline itself and changes nothing"
        elif any(option.scenario == each.scenario for each in options[:number]):
            message = f"the option '{option.title}' is given more than once"
        else:
            continue
        warn_caller(message)
