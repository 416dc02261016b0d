"""Which charts stand in which section, and what a page needs of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Shown(Protocol):
    """A chart as a page shows it: the picture, its words, and the table behind it."""

    @property
    def name(self) -> str:
        """Name of the chart, which is also its id on the page."""

    @property
    def title(self) -> str:
        """The finding, in at most ten words."""

    @property
    def subtitle(self) -> str:
        """Measure, place and period."""

    @property
    def source(self) -> str:
        """Where the figures come from."""

    @property
    def words(self) -> str:
        """What the picture shows, for those who cannot see it."""

    @property
    def svg(self) -> str:
        """The picture, as SVG that is trusted as it is."""

    @property
    def heads(self) -> Sequence[str]:
        """Heads of the table behind it."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Rows of the table behind it."""


PLACES: Final[dict[str, tuple[str, ...]]] = {
    "compare": ("difference-reoffences_total", "difference-cost_public"),
    "certainty": ("plane",),
    "value": ("acceptability",),
    "frontier": ("frontier",),
}
"""By section, the names of the charts that it has a place for, in their order."""


def charts_in(section: str, charts: Mapping[str, Shown]) -> list[Shown]:
    """Return the charts that a section shows, of those that there are.

    An option's page, such as `option-1`, shows `cost_by_year-option-1`; `turning` shows
    `evppi-option-1` with the option.
    """
    names = PLACES.get(section, (f"cost_by_year-{section}",))
    return [charts[name] for name in names if name in charts]
