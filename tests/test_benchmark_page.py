"""The benchmarks page says what the runs measured."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MACHINE = {
    "day": "1 March 2030",
    "processor": "A processor",
    "cores": "2",
    "system": "Linux",
    "Python": "3.11",
    "C compiler": "gcc 12",
    "numba": "0.61",
    "numpy": "2.0",
    "simpy": "4.1",
}


@pytest.fixture
def page(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.page")


@pytest.fixture
def runs(page):
    """Return the three runs, with a figure that is found again for each kind."""
    ratios = importlib.import_module("benchmarks.ratios")
    names = {name for ratio in ratios.RATIOS for name in (ratio.over, ratio.under)}
    works = {
        name: {"replications": 10, "events": 1e6, "people": 1e5, "seconds": [0.5, 0.5, 0.5]}
        for name in sorted(names)
    }
    works["simpy m2"]["seconds"] = [61.7, 61.7, 61.7]
    point = {"ns_an_event": 21.3, "events_a_person": 2.0, "seconds": 0.25, "worker_mib": 3.21}
    point |= {"process_mib": 271.0, "followed": 1_000}
    return {
        "rounds": {"machine": MACHINE, "rounds": 3, "skipped": {}, "works": works},
        "blocks": {"benchmarks": [blocks_row("parts: calendar"), *map(blocks_row, GROUPS)]},
        "grown": {
            "first_use": {"python": 0.01, "import": 0.04, "cached": 1.23, "cold": 12.3},
            "people": [point | {"people": n, "c_ns": 93.7} for n in (1_000, 10_000)],
            "country": [point | {"people": 430_000, "warm_up": True}],
            "country_alone": [point | {"people": 430_000, "warm_up": False}],
            "services": [point | {"services": n} for n in (2, 40)],
            "replications": [
                {"replications": n, "ms_a_replication": 2.34, "added_mib": 8.0} for n in (1, 1_000)
            ],
            "workers": [{"model": "dorset", "gain": 1.56}],
        },
        "asked": {
            "rows": [
                row | {"case": "m2", "outcome": "reoffences_per_person", "sd": 0.0141}
                for row in (
                    {"method": "SimPy", "factor": None, "factor_in_all": 1.0, **NEEDED},
                    {"method": "+ more", "factor": 4.73, "factor_in_all": 47.3, **NEEDED},
                )
            ],
            "answer": {
                "replications": 30,
                "difference": -0.00118,
                "width_over_difference": 0.096,
                "seconds": 0.24,
            },
        },
    }


NEEDED = {"seconds_per_pair": 0.0096, "replications": 222_847, "seconds": 2_149.0}
GROUPS = ("replication: m2", "study")


def blocks_row(group):
    info = {"engine": "pathsim", "model": "m2", "replications": 200, "workers": 2}
    info |= {"imported_mib": 51.0, "prepared_mib": 52.0, "peak_mib": 263.0}
    if group.startswith("parts"):
        info |= {"what": "a wheel", "operations": 1_000, "standing": 3_000}
    stats = {"min": 0.4, "median": 0.5, "rounds": 5}
    return {"group": group, "stats": stats, "extra_info": info}


@pytest.mark.parametrize(
    "line",
    [
        "Measured on 1 March 2030: A processor, 2 cores, Linux",
        "| SimPy / pathsim, M2 | **123** | 123 to 123 | at least 30 | at least 120 |",
        "| + more | 9.60 | 1.41e-02 | 222,847 | 2,149 | 4.73x | 47.3x |",
        "with an interval 9.6% of it wide, in 0.240 processor seconds",
        "| M2 | SimPy | 6,170 | 0.162 | 61,700 | 617,000 |",
        "| M2 | pathsim | 2.00 | 2.50 | 51.0 | 52.0 | 263 |",
        "| a wheel | 400,000 | 0.00250 |",
        "| Dorset, baseline and six options, 200 replications each, 2 workers | 0.400 | 0.500 |",
        "| 10,000 | 21.3 | 42.6 | 93.7 | 3.21 | 271 |",
        "| 430,000 | as many again | 0.250 | 250,000 | 3.21 | 271 |",
        "| 430,000 | no | 0.250 | 250,000 | 3.21 | 271 |",
        "| 40 | 2.00 | 21.3 | 250 |",
        "| 1,000 | 2.34 | 8.00 |",
        "| Dorset | 1.56 |",
        "| 0.0100 | 0.0400 | 1.23 | 12.3 |",
    ],
)
def test_every_table_holds_what_was_measured(page, runs, line):
    assert line in page.page(**runs)


def test_without_a_compiler_the_page_is_written_without_c(page, runs):
    rounds = runs["rounds"]
    for name in ("c m2", "c m2u"):
        del rounds["works"][name]
        rounds["skipped"][name] = "there is no gcc"
    for each in runs["grown"]["people"]:
        each["c_ns"] = float("nan")
    written = page.page(**runs)
    assert "pathsim / C" not in written
    assert "| 1,000 | 21.3 | 42.6 | - | 3.21 | 271 |" in written


def test_the_picture_is_drawn_with_and_without_c(page, runs, tmp_path):
    drawn = []
    for name in ("with", "without"):
        path = tmp_path / f"{name}.png"
        page.draw(runs["rounds"], runs["grown"], path)
        drawn.append(path.read_bytes())
        for work in ("c m2", "c m2u"):
            runs["rounds"]["works"].pop(work, None)
        for each in runs["grown"]["people"]:
            each["c_ns"] = float("nan")
    assert all(image.startswith(b"\x89PNG") for image in drawn)
    assert drawn[0] != drawn[1]


def test_the_links_of_the_page_lead_somewhere(page, runs):
    written = page.page(**runs)
    links = [part.split(")")[0] for part in written.split("](")[1:]]
    assert len(links) >= 4
    for link in links:
        if link != "benchmarks.png":
            assert (ROOT / "docs" / link).exists(), link
