"""The cohort: one row a person, checked once, then only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.arguments import made_by, whole
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.paths import path_of
from pathsim.scenario.areas import Area
from pathsim.scenario.cohort import Row, RowsCohort, SampledCohort, TableCohort
from pathsim.scenario.model import Scenario
from pathsim.scenario.units import MOST_PEOPLE
from pathsim.vocabulary import (
    AGE_BAND_LOWER,
    DISPOSALS,
    GROUPS,
    NEEDS,
    PREVIOUS_BAND_LOWER,
    RISK_BAND_LOWER_PERCENT,
    SENTENCE_BAND_UPPER_DAYS,
)

from .areas import placed
from .assumptions import origin_of, warn
from .cells import categorical, key_of
from .checked import checked, checker_of
from .display import as_html
from .mapping.apply import Mapped, mapped
from .mapping.draft import Draft, draft
from .mapping.model import PeopleMapping
from .mapping.odd import odd_values
from .mapping.report import Report, report_of, report_of_faults
from .offered import Offered
from .origin import Origin
from .own_groups import names_of
from .read import plain_names
from .synthesise import entering, sample
from .table import Checker

ADULT_AGE = 18
_OURS = Origin()


@made_by("Cohort.from_file(path), Cohort.from_frame(table) or Cohort.from_scenario(scenario)")
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Cohort(Offered):
    """People, one row each, in the order they are simulated.

    Make one with `from_frame`, `from_file` or `from_scenario`, which check it.
    The columns of `frame`: `id`; `age`, `previous_offences` (previous
    convictions or cautions); `sex`, `ethnicity`, `offence_group` and
    `disposal` (categorical, codes in the vocabulary's order); `area` (categorical, codes
    in the scenario's order once it is known; missing: not said); `sentence_days`
    (0 without custody, nan: drawn in each replication);
    `risk_one_year_percent`, `risk_two_year_percent`; `need_<name>` and
    `domestic_abuse`; `start_day` (nan: drawn); then groups of the analyst's own (categorical).

    Examples
    --------
    >>> import pathsim as ps
    >>> people = ps.Cohort.from_scenario(ps.example())
    >>> people
    Cohort(300 people: 300 adults, 0 youths)
    >>> people.frame["sex"].value_counts().to_dict()
    {'male': 240, 'female': 60}
    """

    _frame: pd.DataFrame
    _origin: Origin = _OURS
    _enters: NDArray[np.bool_] | None = None
    _shares: Mapping[tuple[str, str], float] = field(default_factory=dict)
    _own: tuple[str, ...] = ()
    _mapped: Mapped | None = None

    @classmethod
    def from_frame(cls, table: pd.DataFrame, *, groups: Iterable[str] = ()) -> Cohort:
        """Return the cohort in a table.

        Required columns: `id`, `age`, `sex`, `offence_group`,
        `previous_offences`, `disposal`, and `sentence_days` (may be empty) if
        any disposal is custody. Left out, `ethnicity` is `other`, `area` is the
        scenario's without a share, needs and domestic abuse are false, which a warning says; risks
        are OGRS3's (from `age_at_first_sanction` if given, else from an assumed
        one), and start days are drawn. Needs are given all or none.
        `pathsim cohort columns` lists every column.

        groups: up to three further columns, such as a team or a ward, of up to 50 levels each, by
        which results are told as well.

        Raises
        ------
        InputError
            With all that is wrong with the table, up to twenty problems.
        """
        own = names_of(groups)
        if not isinstance(table, pd.DataFrame):
            kind = type(table).__name__
            allowed = "a pandas.DataFrame with a row a person"
            raise InputError(Problem("is not a table", key="table", found=kind, allowed=allowed))
        table, notes = plain_names(table)
        return cls._read(Checker(table, notes=list(notes), own=own))

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        *,
        groups: Iterable[str] = (),
        few_cells: int = 0,
        mapping: str | Path | PeopleMapping | None = None,
        scenario: Scenario | None = None,
    ) -> Cohort:
        r"""Return the cohort in a file, .csv or .xlsx; columns and errors as in `from_frame`.

        Semicolons, tabs or bars may stand between the cells, the text may be in UTF-8,
        UTF-16 or Windows-1252, and common words are read as levels; a warning says so.

        few_cells: how many cells with one kind of problem are reported one by one, with what
        they hold; more of them are reported as one problem, of which only values that three rows
        or more have in common are shown; with a mapping, no cell is shown.
        mapping: what the file's own columns mean, as `draft` writes it; then the file may also be
        .ods, .parquet, .dta or of fixed width. scenario: from whose people is drawn what the
        mapping says is to be drawn.

        Examples
        --------
        >>> import pathsim as ps
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> folder = Path(mkdtemp())
        >>> text = "Ref,Age,Sex,Offence,Priors,Sentence\nA1,30,M,Theft offences,2,Fine\n"
        >>> _ = (folder / "people.csv").write_text(text)
        >>> _ = (folder / "mapping.toml").write_text('''
        ... columns.id.from = "Ref"
        ... columns.age.from = "Age"
        ... columns.sex.from = "Sex"
        ... columns.offence_group.from = "Offence"
        ... columns.previous_offences.from = "Priors"
        ... columns.disposal.from = "Sentence"
        ... ''')
        >>> ps.Cohort.from_file(folder / "people.csv", mapping=folder / "mapping.toml")
        Cohort(1 people: 1 adults, 0 youths)
        """
        file = path_of(path, allowed="the path of a file, .csv or .xlsx")
        few_cells = whole(few_cells, key="few_cells", least=0, most=MOST_PEOPLE)
        own = names_of(groups)
        if mapping is None:
            return cls._read(checker_of(file, own=own, few_cells=few_cells))
        if own:
            message, allowed = "are said in the mapping", "its table [groups]"
            raise InputError(Problem(message, key="groups", found=list(own), allowed=allowed))
        donors = None if scenario is None else (lambda: cls.from_scenario(scenario).frame)
        return cls._read(*mapped(file, mapping, donors=donors))

    @classmethod
    def check(
        cls,
        path: str | Path,
        *,
        mapping: str | Path | PeopleMapping | None = None,
        scenario: Scenario | None = None,
    ) -> Report:
        """Return what a file was read as, or what is wrong with it: no fault is raised."""
        try:
            cohort = cls.from_file(path, few_cells=0, mapping=mapping, scenario=scenario)
        except InputError as error:
            return report_of_faults(str(path), error.problems)
        return cohort.report()

    @classmethod
    def draft(
        cls,
        path: str | Path,
        *,
        header_row: int | None = None,
        sheet: str = "",
        offences: str | Path | None = None,
    ) -> Draft:
        """Return a draft of the mapping of a file: a guess for every column, and open questions.

        header_row, sheet: where the table is in the file, if it is not found. offences: a second
        table, one row an offence. The draft's `write` writes it.
        """
        if header_row is not None:
            header_row = whole(header_row, key="header_row", least=1, most=MOST_PEOPLE)
        if not isinstance(sheet, str):
            raise wrong_type("sheet", sheet, "the name of a sheet")
        more = None if offences is None else path_of(offences, key="offences")
        file = path_of(path, allowed="the path of a file")
        return draft(file, header_row=header_row, sheet=sheet, offences=more)

    @classmethod
    def from_csv(cls, path: str | Path) -> Cohort:
        """Return the cohort in a file: another name of `from_file`."""
        return cls.from_file(path)

    @classmethod
    def of(cls, source: Cohort | pd.DataFrame | str | Path) -> Cohort:
        """Return the cohort that `source` is: a cohort, a table, or the path of a file.

        Raises
        ------
        InputError
            As in `from_frame`, and for anything else.
        """
        if isinstance(source, Cohort):
            return source
        if isinstance(source, pd.DataFrame):
            return cls.from_frame(source)
        if isinstance(source, str | PathLike):
            return cls.from_file(source)
        kind = type(source).__name__
        allowed = "a Cohort, a pandas.DataFrame, or the path of a file"
        raise InputError(Problem("is not a cohort", key="cohort", found=kind, allowed=allowed))

    @classmethod
    def from_scenario(cls, scenario: Scenario) -> Cohort:
        """Return the cohort that a scenario describes.

        Raises
        ------
        InputError
            As in `from_file`, and for needs whose correlations exclude each other.
        """
        source = getattr(scenario, "cohort", None)
        if isinstance(source, TableCohort):
            cohort = cls.from_file(source.file)
        elif isinstance(source, RowsCohort):
            cohort = cls(_frame=_repeated(source))
        elif isinstance(source, SampledCohort):
            cohort = cls(_frame=checked(Checker(sample(source, scenario.areas))))
            if source.entry_shares:
                cohort = cohort._entering(source)
        else:
            raise wrong_type("scenario", scenario, "a Scenario")
        return cohort.living_in(scenario.areas)

    def living_in(self, areas: Mapping[str, Area]) -> Cohort:
        """Return the same people, each in one of a scenario's areas.

        Raises
        ------
        InputError
            For the name of an area that the scenario does not have.
        """
        levels = self._frame["area"].cat.categories.to_list()
        if levels == list(areas) and not self._frame["area"].hasnans:
            return self
        column = placed(self._frame["area"], self._origin, areas)
        return replace(self, _frame=self._frame.assign(area=column))

    def _entering(self, source: SampledCohort) -> Cohort:
        groups = self.groups()
        group, band = (
            np.asarray(groups[name].cat.codes, np.int64)
            for name in ("age_group", "previous_offences")
        )
        return replace(
            self,
            _enters=entering(source, group=group, band=band),
            _shares=source.entry_share_values(),
        )

    @classmethod
    def _read(cls, checker: Checker, about: Mapped | None = None) -> Cohort:
        try:
            frame = checked(checker)
        except InputError:
            # What is odd about the table may be why it is refused.
            warn(origin_of(checker), refused=True, stacklevel=3)
            raise
        origin = origin_of(checker)
        if about is not None:
            odd = dict.fromkeys((*origin.odd, *odd_values(frame)))
            origin = replace(origin, odd=tuple(odd), beside=about.files)
        warn(origin, stacklevel=3)
        return cls(_frame=frame, _origin=origin, _own=checker.own, _mapped=about)

    @property
    def mapped(self) -> Mapped | None:
        """What a mapping made of the file, with groups and observed outcomes; None without one."""
        return self._mapped

    def report(self) -> Report:
        """Return what was read as what, what is unknown, drawn or assumed, and what is odd."""
        return report_of(self._frame, self._origin, self._mapped)

    @property
    def origin(self) -> Origin:
        """Where the people come from, and what was assumed of them."""
        return self._origin

    @property
    def frame(self) -> pd.DataFrame:
        """The people as a table; changing it does not change the cohort."""
        return self._frame.copy(deep=False)

    def __len__(self) -> int:
        return len(self._frame)

    def enters(self) -> NDArray[np.bool_]:
        """Return who enters in the intake window, a truth value each.

        All do, but where a scenario's `cohort.entry_shares` say that some of the occasions are
        those of people who are followed already. These serve only as earlier sentences, in the
        stock in custody.
        """
        return np.ones(len(self), np.bool_) if self._enters is None else self._enters.copy()

    def entry_shares(self) -> Mapping[tuple[str, str], float]:
        """Return by which shares people enter, by age group and band; empty where all do."""
        return dict(self._shares)

    def keys(self) -> NDArray[np.uint64]:
        """Return the 64-bit keys of the people's random numbers, from their own ids.

        Integers as they are (two's complement), also where they are written as text; other text
        by its BLAKE2b hash: the order of the rows, and who else is in the table, do not matter.
        """
        ids = self._frame["id"]
        if pd.api.types.is_integer_dtype(ids):
            return ids.to_numpy().astype(np.uint64)
        return np.array([key_of(text) for text in ids], np.uint64)

    def groups(self) -> pd.DataFrame:
        """Return the level of each person in each attribute of the vocabulary's `GROUPS`.

        All columns are categorical, with codes in the vocabulary's order; areas in that of the
        scenario. After them stand groups of the analyst's own, in the order of their names.
        """
        frame = self._frame
        age = frame["age"].to_numpy()
        codes: dict[str, NDArray[np.integer[Any]]] = {
            "age_group": np.where(age < ADULT_AGE, 1, 0),
            "age_band": _band(AGE_BAND_LOWER, age),
            "sentence_band": self._sentence_band(),
            "previous_offences": _band(PREVIOUS_BAND_LOWER, frame["previous_offences"].to_numpy()),
            "risk_band": _band(RISK_BAND_LOWER_PERCENT, frame["risk_two_year_percent"].to_numpy()),
        }
        return pd.DataFrame(
            {
                name: categorical(codes[name], levels) if name in codes else frame[name].array
                for name, levels in GROUPS.items()
            }
            | {name: frame[name].array for name in self._own}
        )

    def own_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Return the levels of each group of the analyst's own."""
        return {name: tuple(self._frame[name].cat.categories) for name in self._own}

    def _sentence_band(self) -> NDArray[np.integer[Any]]:
        days = self._frame["sentence_days"].to_numpy()
        custody = self._frame["disposal"].cat.codes.to_numpy() == DISPOSALS.index("custody")
        band = np.searchsorted(SENTENCE_BAND_UPPER_DAYS, days, side="left")
        return np.where(custody & ~np.isnan(days), np.maximum(band, 1), 0)

    def __repr__(self) -> str:
        youths = int((self._frame["age"] < ADULT_AGE).sum())
        all_of_them = f"{len(self) - youths:,} adults, {youths:,} youths"
        if self._enters is None:
            return f"Cohort({len(self):,} people: {all_of_them})"
        return f"Cohort({len(self):,} occasions, {self._enters.sum():,} entries: {all_of_them})"

    def _repr_html_(self) -> str:
        return as_html(self.groups())


def _repeated(source: RowsCohort) -> pd.DataFrame:
    """Return the people of a cohort of rows, numbered from 0 in the order of the rows."""
    table = pd.DataFrame([_row(row) for row in source.rows]).assign(id=range(len(source.rows)))
    alike = checked(Checker(table))
    people = np.array([row.people for row in source.rows])
    frame = alike.take(np.repeat(np.arange(len(alike)), people)).reset_index(drop=True)
    return frame.assign(id=np.arange(len(frame)))


def _row(row: Row) -> dict[str, object]:
    values = row.model_dump(exclude={"people", "needs", "risk_percent"})
    values |= {"risk_two_year_percent": row.risk_percent}
    return values | {f"need_{need}": need in row.needs for need in NEEDS}


def _band(lower: tuple[float, ...], values: NDArray[Any]) -> NDArray[np.integer[Any]]:
    return np.searchsorted(lower, values, side="right") - 1
