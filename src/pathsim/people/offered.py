"""What a cohort offers of packages to the right of its own."""

from __future__ import annotations

from typing import Any

from pathsim import verbs


class Offered:
    """The verbs of a cohort that other packages do."""

    def validate(self, *, observed: Any, scenario: Any, **how: Any) -> Any:
        """Hold what is foretold of these people against what happened to them.

        observed: a table, or a file of one, with `id`, and `reoffended` (yes or no) or `days` (to
        the first reoffence). scenario: a scenario, or a scenario file. how: `within_days`,
        `replications`, `seed` and others, as `pathsim.decision.validated.validate` takes. Returns
        a `Validation`. Raises InputError.
        """
        return verbs.validator()(self, observed=observed, scenario=scenario, **how)
