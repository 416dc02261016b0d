"""The engine compiled ahead, from the shell: `pathsim warmup`."""

from __future__ import annotations

import time
from importlib.resources import as_file, files

import typer


def warmup() -> None:
    """Compile the engine now, if it is not yet, so that no later run has to: for images and CI."""
    from pathsim.collector import paused

    begun = time.perf_counter()
    with paused():
        from pathsim.engine.kernels.cache import compilations, is_kept
        from pathsim.engine.kernels.engine import replicate
        from pathsim.engine.lowering import lower
        from pathsim.engine.run import simulate
        from pathsim.people.cohort import Cohort
        from pathsim.scenario.load import load

    with as_file(files("pathsim") / "data" / "warmup.toml") as file:
        scenario = load(file)
    before = compilations(replicate)
    simulate(lower(scenario, Cohort.from_scenario(scenario)), seed=1, replication=0)
    done = "compiled" if compilations(replicate) > before else "found ready"
    seconds = time.perf_counter() - begun
    # A dispatcher, which is typed as its function.
    place = replicate.stats.cache_path  # type: ignore[attr-defined] # numba's
    where = f"kept in {place}" if is_kept(replicate) else "not kept: no folder can be written"
    typer.echo(f"engine {done} in {seconds:.1f} s, {where}")
