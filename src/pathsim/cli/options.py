"""Options that several commands share, each declared once."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import Field, dataclass, fields
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from pathsim.cli.printing import say
from pathsim.errors import InputError, InputWarning, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.people.cohort import Cohort


class Engine(StrEnum):
    """The two engines of one model."""

    KERNEL = "kernel"
    REFERENCE = "reference"
    TWIN = "twin"


_OR_SHIPPED = ", or the name of a shipped one"
ScenarioFile = Annotated[Path, typer.Argument(help=f"Scenario file{_OR_SHIPPED}.")]
BaselineFile = Annotated[Path, typer.Argument(help=f"Scenario file of the baseline{_OR_SHIPPED}.")]
OptionFiles = Annotated[
    list[Path],
    typer.Argument(metavar="OPTION...", help="Scenario files, or names of shipped ones."),
]
Draws = Annotated[
    int | None,
    typer.Option(
        help="States of the world, in each of which every quantity in doubt is drawn anew; left "
        "out, 64 where anything is in doubt. 0: central values, and intervals that show luck only."
    ),
]
DecisionDraws = Annotated[
    int,
    typer.Option(
        help="States of the world, 30 or more, in each of which every quantity in doubt is drawn "
        "anew."
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(
        help="How many times to simulate each scenario in each state of the world; left out, 4; "
        "without states, 200."
    ),
]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers, 0 to 2^64 - 1.")]
FitSeed = Annotated[
    int, typer.Option(help="Seed of design, simulation and sampler.", min=0, max=2**32 - 1)
]
Workers = Annotated[
    int | None,
    typer.Option(help="Threads; left out, one a processor. They change no result."),
]
EngineChoice = Annotated[
    Engine, typer.Option(help="The compiled kernel, or its slow, readable reference engine.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for summary.csv, results.json, manifest.json and, with the extra 'report', "
        "report.html and (of a comparison) workbook.xlsx."
    ),
]
PortfolioOut = Annotated[
    Path | None,
    typer.Option(
        help="Folder for results.json, manifest.json and, with the extra 'report', report.html."
    ),
]
PosteriorFile = Annotated[
    Path | None,
    typer.Option(
        help="Posterior sample (.csv, or the name of a shipped one) that states of the world draw "
        "from; left out, the one beside the scenario. With --draws 0, every replication draws."
    ),
]
CohortFile = Annotated[
    Path | None,
    typer.Option(
        help="Table of people (.csv, .xlsx; more with --mapping) to follow in place of the "
        "scenario's own."
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        help="What the columns of the table of people mean (.toml), as `pathsim cohort draft` "
        "writes it."
    ),
]
ScaleBy = Annotated[
    float | None,
    typer.Option("--scale", help="Factor of all places and their fixed costs."),
]
OpenDocument = Annotated[
    bool, typer.Option("--ods", help="With --out: write workbook.ods too, by LibreOffice.")
]
Quality = Annotated[
    bool,
    typer.Option(
        "--quality",
        help="With --out: write quality.md and quality.html too: STRESS-DES, assurance and the "
        "partnership's measures, filled in as far as the run can.",
    ),
]
KeptIn = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="PATHSIM_STORE",
        show_envvar=False,
        help="Folder in which all that is simulated is kept, so that nothing is simulated twice; "
        "left out, the folder that PATHSIM_STORE names, if any. Needs the extra 'parquet'.",
    ),
]
InProcesses = Annotated[
    bool,
    typer.Option("--processes", help="Simulate in processes, as many as --workers, not threads."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Simulate on a Dask cluster: the address of its scheduler, such as "
        "tcp://10.0.0.5:8786. Needs the extra 'cluster'.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Targets = Annotated[
    str | None,
    typer.Option(
        "--targets",
        help="Parameters and published figures: a .toml file, or the name of a shipped one; left "
        "out, the targets.toml beside the scenario, or beside what it extends.",
    ),
]
OldTargets = Annotated[
    str | None, typer.Option("--aims", hidden=True, help="Old name of --targets.")
]
_Value = TypeVar("_Value")


def plain_people(file: Path, **how: Any) -> Cohort:
    """Return the people of a table without a mapping; says what drafts one where it needs one."""
    from pathsim.people.cohort import Cohort

    try:
        return Cohort.from_file(file, **how)
    except InputError as error:
        said = " ".join(problem.message for problem in error.problems)
        if any(words in said for words in _NEEDS_A_MAPPING):
            say(f"hint: pathsim cohort draft {file} --out mapping.toml says what its columns mean")
        raise


_NEEDS_A_MAPPING = ("the column is missing", "unknown column", "header seems", "is Parquet")
"""In refusals of a table that has other columns, or another form, than a cohort's."""


def chosen_targets(targets: str | None, old_targets: str | None) -> str | None:
    """Return the targets, also where they are given under the old name of the option."""
    return renamed("--targets", targets, old_name="--aims", old=old_targets)


def renamed(name: str, value: _Value | None, *, old_name: str, old: _Value | None) -> _Value | None:
    """Return what an option is given under its name or, with a warning, under its old one."""
    if old is None:
        return value
    if value is not None:
        message = f"is the old name of {name}, and both are given"
        raise InputError(Problem(message, key=old_name, found=old, allowed=f"{name} alone"))
    warn_renamed(old_name, name)
    return old


def warn_renamed(old: str, new: str) -> None:
    """Warn that something that users type has another name now."""
    warnings.warn(f"{old} is deprecated; it is now called {new}", InputWarning, stacklevel=3)


@dataclass(frozen=True, kw_only=True)
class PlaceOptions:
    """Where all that a command simulates is done and kept."""

    workers: Workers = None
    store: KeptIn = None
    processes: InProcesses = False
    scheduler: Scheduler = None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Do and keep it there meanwhile. Raises InputError."""
        from pathsim.study.anywhere import using

        executor: object = "processes" if self.processes else None
        if self.scheduler is not None:
            from pathsim.study.cluster import cluster

            if self.processes:
                message, allowed = "is given with --processes", "one of the two"
                raise InputError(
                    Problem(message, key="--scheduler", found=self.scheduler, allowed=allowed)
                )
            executor = cluster(self.scheduler)
        with using(executor=executor, store=self.store, workers=self.workers):
            yield


@dataclass(frozen=True, kw_only=True)
class StudyOptions(PlaceOptions):
    """The options of every command that simulates scenarios."""

    draws: Draws = None
    replications: Replications = None
    seed: Seed = 1
    engine: EngineChoice = Engine.KERNEL
    cohort: CohortFile = None
    mapping: MappingFile = None
    scale: ScaleBy = None
    posterior: PosteriorFile = None
    out: Out = None
    as_json: Json = False

    def arguments(self) -> dict[str, Any]:
        """Return what `run` and `compare` in Python take of these."""
        names = ("draws", "replications", "seed", "workers", "scale", "posterior")
        return {name: getattr(self, name) for name in names} | {"engine": self.engine.value}

    def people(self, scenario: Path) -> Cohort | None:
        """Return the people to follow in place of a scenario's own, None for these."""
        from pathsim.people.cohort import Cohort
        from pathsim.scenario.load import load

        if self.mapping is None:
            return None if self.cohort is None else plain_people(self.cohort)
        if self.cohort is None:
            message = "says what a table's columns mean, and no table is given"
            raise InputError(Problem(message, key="--mapping", allowed="with --cohort FILE"))
        return Cohort.from_file(self.cohort, mapping=self.mapping, scenario=load(scenario))


@dataclass(frozen=True, kw_only=True)
class ComparisonOptions(StudyOptions):
    """Likewise of a comparison, which has a workbook."""

    ods: OpenDocument = False
    quality: Quality = False


@dataclass(frozen=True, kw_only=True)
class StatesOptions(PlaceOptions):
    """The options of every command that looks at options in states of the world."""

    draws: Draws = None
    replications: Replications = None
    seed: Seed = 1
    posterior: PosteriorFile = None
    as_json: Json = False

    def arguments(self) -> dict[str, Any]:
        """Return what `compare` in Python takes of these."""
        names = ("draws", "replications", "seed", "workers", "posterior")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, kw_only=True)
class DecisionOptions(StatesOptions):
    """Likewise of every command that says what to do: they need more states."""

    draws: DecisionDraws = 256


@dataclass(frozen=True, kw_only=True)
class PortfolioOptions(StatesOptions):
    """Likewise of what simulates many mixes, each in fewer states."""

    draws: DecisionDraws = 64
    out: PortfolioOut = None


def _is_a_place(option: Field[Any]) -> bool:
    """Return whether an option says where the work is done, which help shows after the others."""
    return option.name in {each.name for each in fields(PlaceOptions)} - {"workers"}


def with_study_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes `study`, such as StudyOptions, each of these as an option."""
    own = get_type_hints(command, include_extras=True)
    kind = own["study"]
    hints = get_type_hints(kind, include_extras=True)
    options = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=each.default,
            annotation=hints[each.name],
        )
        for each in sorted(fields(kind), key=_is_a_place)
    ]
    signature = inspect.signature(command)
    others = [
        each.replace(annotation=own[each.name])
        for each in signature.parameters.values()
        if each.name != "study"
    ]
    first = [each for each in others if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    last = [each for each in others if each not in first]

    @wraps(command)
    def with_options(*args: Any, **kwargs: Any) -> None:
        study = kind(**{each.name: kwargs.pop(each.name) for each in options})
        with study.used():
            command(*args, study=study, **kwargs)

    parameters = [*first, *options, *last]
    # The shell reads a command's options from these two.
    with_options.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # read by typer
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options
