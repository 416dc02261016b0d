"""Mapping an analyst's own file to a cohort: draft a mapping, answer its questions, read.

| file | what it holds |
|---|---|
| `model.py`, `parts.py`, `rules.py` | the mapping as data, and what fits together in it |
| `load.py` | from a TOML file, with file, line and key of what is wrong |
| `formats.py`, `layout.py` | from a file to rows of text; where its header and its last row are |
| `dates.py`, `lengths.py`, `offence_codes.py` | what a cell's text means |
| `columns.py`, `offences.py`, `donors.py` | from the file's columns to those of a cohort |
| `apply.py` | all of it in order |
| `odd.py`, `report.py` | values that are odd; what was read as what |
| `profile.py`, `targets.py`, `guess.py`, `draft.py` | a mapping with a guess for every column |
"""
