"""What a cohort offers besides who is in it: a copy to share, and verbs of later packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim import verbs

from .mapping.apply import Mapped
from .mapping.outcomes import Outcomes, outcomes_of
from .origin import Origin
from .synthetic import Synthetic, synthetic


class Offered:
    """The verbs of a cohort."""

    if TYPE_CHECKING:

        @property
        def frame(self) -> pd.DataFrame:
            """The people as a table."""

        @property
        def mapped(self) -> Mapped | None:
            """What a mapping made of the file."""

        @property
        def origin(self) -> Origin:
            """Where the people come from."""

        def groups(self) -> pd.DataFrame:
            """Return the level of each person in each attribute."""

    def outcomes(self) -> Outcomes:
        """Return what the mapping says happened to these people, as `validate` takes it.

        Raises InputError where there is no mapping, or it says nothing of what happened.
        """
        return outcomes_of(self.frame, self.mapped)

    def synthesise(self, *, seed: int = 1) -> Synthetic:
        """Return a synthetic copy to share in place of the table: `table`, and a `statement`.

        Nobody in it exists. The statement says what is kept, what is not, and what the risk of
        disclosure is. Raises InputError for fewer than 200 people.
        """
        return synthetic(self.frame, self.groups(), self.origin, seed=seed)

    def validate(self, *, observed: Any, scenario: Any, **how: Any) -> Any:
        """Hold what is foretold of these people against what happened to them.

        observed: a table, or a file of one, with `id`, and `reoffended` (yes or no) or `days` (to
        the first reoffence). scenario: a scenario, or a scenario file. how: `within_days`,
        `replications`, `seed` and others, as `pathsim.decision.validated.validate` takes. Returns
        a `Validation`. Raises InputError.
        """
        return verbs.validator()(self, observed=observed, scenario=scenario, **how)
