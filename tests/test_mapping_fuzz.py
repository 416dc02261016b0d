"""Mappings and files spoilt at random: they run or are refused, and no person's cell is told."""

from __future__ import annotations

import random
import re

import pytest

from mapped_files import drafted, write
from pathsim.cli import main

SECRET = "s3cr3t"
_CASES = [("theft", "custody", 6), ("violence", "fine", ""), ("drugs", "custody", 14)] * 4
PEOPLE = "Ref,Born,Sentenced,Sex,Offence,Priors,Disposal,Sentence Months,Risk two year,Note\n"
PEOPLE += "".join(
    f"{SECRET}{i},19{70 + i}-03-05,2021-04-0{i % 8 + 1},{'MF'[i % 2]},{offence},{i},{disposal},"
    f"{months},0.{i + 11},{SECRET} {chr(97 + i)}\n"
    for i, (offence, disposal, months) in enumerate(_CASES)
)
OFFENCES = "Ref,On,What,Dealt\n" + "".join(
    f"{SECRET}{i % 12},20{10 + i % 9}-0{i % 8 + 1}-11,theft,custody\n" for i in range(30)
)
PIECES = (
    "",
    '"',
    ",",
    ";",
    "?",
    "\n",
    "[",
    "]",
    "=",
    "-1",
    "1e9",
    "nan",
    "0",
    "2021-02-30",
    "\t",
    "'",
    "true",
    "Note",
    "Ref",
    "unit",
    "values",
    "\x1b[2J",
    "\ufeff",
    "é",
    "[read]\n",
    "from",
)
SPOILT = 25
"""Files of each kind: enough to try each way of spoiling several times."""


def spoil(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(text) + 1)
        piece = chance.choice(PIECES)
        way = chance.randrange(5)
        if way == 0:
            text = text[:place] + piece + text[place:]
        elif way == 1:
            text = text[:place] + text[place + chance.choice((1, 3, 40)) :]
        elif way == 2:
            lines = text.split("\n")
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
            text = "\n".join(lines)
        elif way == 3:
            words = re.findall(r"[\w-]+", text) or ["x"]
            text = text.replace(chance.choice(words), piece, chance.choice((1, 9)))
        else:
            lines = text.split("\n")
            del lines[chance.randrange(len(lines))]
            text = "\n".join(lines)
    return text


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    file = write(folder, PEOPLE)
    offences = write(folder, OFFENCES, "offences.csv")
    answers = {"if_unknown": '"missing"', "for_all": '"fine"'}
    return {
        "plain": drafted(folder, file, answers).read_text(),
        "offences": drafted(folder, file, answers, offences=offences)
        .read_text()
        .replace(str(offences), "offences.csv"),
    }


@pytest.mark.parametrize("kind", ["plain", "offences"])
def test_whole_files_are_read(tmp_path, good, kind, capsys):
    write(tmp_path, OFFENCES, "offences.csv")
    file = write(tmp_path, PEOPLE)
    mapping = write(tmp_path, good[kind], "m.toml")
    assert main(["cohort", "check", str(file), "--mapping", str(mapping)]) == 0
    assert SECRET not in "".join(capsys.readouterr())


@pytest.mark.parametrize("kind", ["plain", "offences"])
@pytest.mark.parametrize("what", ["mapping", "people", "offences"])
def test_spoilt_ones_run_or_are_refused_and_no_cell_is_told(tmp_path, good, what, kind, capsys):
    ends = {0: 0, 2: 0}
    for seed in range(SPOILT):
        chance = random.Random(f"{what} {kind} {seed}")
        texts = {"mapping": good[kind], "people": PEOPLE, "offences": OFFENCES}
        texts[what] = spoil(texts[what], chance)
        file = write(tmp_path, texts["people"])
        write(tmp_path, texts["offences"], "offences.csv")
        mapping = write(tmp_path, texts["mapping"], "m.toml")
        arguments = ["cohort", "check", str(file), "--mapping", str(mapping)]
        code = main([*arguments, *(["--json"] if seed % 2 else [])])
        said = "".join(capsys.readouterr())
        assert code in ends, (seed, said)
        ends[code] += 1
        assert SECRET not in said, (seed, said)
        assert "\x1b" not in said, seed
        assert main(["cohort", "draft", str(file), "--out", str(tmp_path / "d.toml")]) in ends, seed
        assert SECRET not in "".join(capsys.readouterr()), seed
    assert ends[0] > 0
