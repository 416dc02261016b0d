"""`pathsim cohort validate`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pathsim.cli.happened import ObservedFile, WithinDays, happened_to
from pathsim.cli.manifest import MANIFEST, write_manifest
from pathsim.cli.options import Json, MappingFile, ScaleBy, ScenarioFile, Seed, Workers
from pathsim.cli.printing import console, print_json, print_parts, say
from pathsim.text import as_json

if TYPE_CHECKING:
    from pathsim.decision.validated import Validation
    from pathsim.files import Outbox

_TABLES: Final = ("figures", "tenths", "survival")
_DATA: Final = "validation.json"
_PICTURES: Final = ("validation.png", "validation.svg")


def validate(  # noqa: PLR0913 one for each option of the command
    scenario: ScenarioFile,
    file: Annotated[Path, typer.Argument(help="Table of people, .csv or .xlsx.")],
    *,
    mapping: MappingFile = None,
    observed: ObservedFile = None,
    within_days: WithinDays = None,
    replications: Annotated[
        int, typer.Option(help="How many times to simulate the people, at central values.")
    ] = 400,
    seed: Seed = 1,
    workers: Workers = None,
    scale: ScaleBy = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for figures.csv, tenths.csv, survival.csv, validation.json, manifest.json "
            "and, with the extra 'report', a picture."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold what the model and the risk score foretell of people against what happened to them.

    No row of a person is shown, and no count of fewer than ten people.
    """
    from pathsim.decision.validated import validate as validate_cohort
    from pathsim.files import Outbox
    from pathsim.people.cohort import Cohort
    from pathsim.present.progress import shown_progress
    from pathsim.present.validated import validated_parts
    from pathsim.scenario.load import load

    names = (*(f"{name}.csv" for name in _TABLES), _DATA, *_PICTURES, MANIFEST)
    with ExitStack() as stack:
        outbox = stack.enter_context(Outbox(out, names=names)) if out else None
        cohort = Cohort.from_file(file, mapping=mapping, scenario=load(scenario))
        happened, days = happened_to(cohort, observed, within_days=within_days)
        with shown_progress() as progress:
            found = validate_cohort(
                cohort,
                observed=happened,
                scenario=scenario,
                within_days=days,
                replications=replications,
                seed=seed,
                workers=workers,
                scale=scale,
                progress=progress,
            )
        if outbox:
            _write(outbox, found)
            write_manifest(outbox, found.provenance)
    if as_json:
        print_json(found.to_dict())
    else:
        print_parts(console(), validated_parts(found))
    _tell_where(out)


def _write(outbox: Outbox, found: Validation) -> None:
    for name in _TABLES:
        outbox.write(f"{name}.csv", getattr(found, name).to_csv(index=False, lineterminator="\n"))
    outbox.write(_DATA, as_json(found.to_dict()) + "\n")
    if not _without_picture():
        from pathsim.present.plot_validated import validation_svg, write_png

        png, svg = _PICTURES
        with outbox.writing(png) as path:
            write_png(found, path)
        outbox.write(svg, validation_svg(found))


def _without_picture() -> str:
    from pathsim.present.extras import lacking

    return lacking("report", "matplotlib", purpose="the picture")


def _tell_where(out: Path | None) -> None:
    if out is None:
        return
    lacking = _without_picture()
    names = (*(f"{name}.csv" for name in _TABLES), _DATA, *(() if lacking else _PICTURES), MANIFEST)
    say(f"written: {', '.join(str(out / name) for name in names)}")
    if lacking:
        say(f"not written: {lacking}")
