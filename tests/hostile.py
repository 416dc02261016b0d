"""Texts that try to be more than text, and scenarios and people of which every text is one."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w

from made_people import made_table
from pathsim.text import steers
from small_town import TOWN

ELSEWHERE = "hostile.invalid"
MARK = "h0st1le"
"""Is in every text, so that it is found wherever it is shown."""
_TEXTS = (
    "<script>window.h0st1le = 1; alert(1)</script>",
    '"><img src=x onerror="window.h0st1le = 2" onmouseover=\'alert(2)\'>',
    f"<svg onload=window.h0st1le=3><a href=javascript:alert(3)>{MARK}</a></svg>",
    f"</script></title></style></textarea><iframe src=//{ELSEWHERE}/{MARK}></iframe>",
    f"<link rel=stylesheet href=http://{ELSEWHERE}/{MARK}.css>",
    f"[{MARK}](javascript:alert(4)) ![{MARK}](http://{ELSEWHERE}/x.png) `{MARK}` | *x*",
    f'=HYPERLINK("http://{ELSEWHERE}/{MARK}","open")',
    f"=cmd|' /C calc {MARK}'!A0",
    f"+cmd|' /C calc {MARK}'!A0",
    f"-2+3+cmd|' /C calc {MARK}'!A0",
    f"@SUM(1+1)*{MARK}",
    f"\t=1+1 {MARK}",
    f"\uff1d1+1 {MARK}",
    f"http://{ELSEWHERE}/{MARK}",
    f"mailto:{MARK}@{ELSEWHERE}",
    f"\x1b[2J\x1b[31m{MARK}\x1b[0m\x9b31m\x07",
    f"\x1b]8;;http://{ELSEWHERE}/{MARK}\x1b\\open\x1b]8;;\x1b\\",
    f'{MARK}\r\n=1+1,"x"\n\'quoted',
    f"{MARK} \u202etxt.exe\u2066 \u200b\u2028\ufeff",
    f"{MARK}\x00 after",
    f"{MARK} {'x' * 3000}",
    f"{MARK} {{{{7*191}}}} ${{7*191}} <%= 7*191 %> {{% raw %}}",
    f"$(touch {MARK}) `touch {MARK}` ; rm -r {MARK} && echo %PATH%",
    rf"C:\Windows\{MARK}\..\..\con.txt \\{ELSEWHERE}\share",
    f"[red]{MARK}[/red] [/] [link=http://{ELSEWHERE}]x[/link] :smile:",
    f"$\\frac{{{MARK}}}{{0}}$ ^x_y $$",
)
TEXTS = tuple(_TEXTS)
LEVELS = tuple(text for text in TEXTS if not steers(text) and len(text) <= 60)
"""Those that a column of people's groups may have; the others are refused."""
PEOPLE_A_LEVEL = 12
CAPACITY = "services.mentor.capacity"


def write_hostile(folder: Path) -> list[str]:
    """Write a baseline and an option for each text; return their files, the baseline first.

    Each text is once an option's title, its description, its service's title, and a source and a
    note of what it changes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    names = ["baseline.toml"]
    _write(folder / names[0], _texts(0) | {"extends": "town.toml"})
    for number, text in enumerate(TEXTS):
        option = _texts(number) | {"extends": "baseline.toml", "title": text}
        option["services"] = {"mentor": _service(number)}
        names.append(f"option-{number}.toml")
        _write(folder / names[-1], option)
    return names


def _texts(number: int) -> dict[str, Any]:
    turned = list(itertools.islice(itertools.cycle(TEXTS), number, number + 3))
    return {"title": f"{turned[0]} as it is", "description": turned[1]}


def _service(number: int) -> dict[str, Any]:
    turned = list(itertools.islice(itertools.cycle(TEXTS), number, number + 5))
    said = {"source": turned[3], "note": turned[4], "grade": "assumed"}
    return {
        "title": turned[2],
        "capacity": {"value": 5.0 + number, **said},
        "hazard_ratio": {"value": 0.15, "low": 0.1, "high": 0.3, **said},
    }


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(tomli_w.dumps(data), encoding="utf-8")


def hostile_people() -> pd.DataFrame:
    """Return people of whom each level of the group `ward` is a text."""
    people = made_table(PEOPLE_A_LEVEL * len(LEVELS))
    people["ward"] = np.array(LEVELS, dtype=object)[np.arange(len(people)) % len(LEVELS)]
    return people
