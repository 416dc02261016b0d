"""Mapping an analyst's own file to a cohort: draft a mapping, answer its questions, read.

| file | what it holds |
|---|---|
| `model.py`, `parts.py`, `rules.py` | the mapping as data, and what fits together in it |
| `load.py` | from a TOML file, with file, line and key of what is wrong |
| `formats.py`, `spreadsheet_size.py` | from a file to rows of text |
| `layout.py` | where the header of a table is, and its last row |
| `dates.py`, `lengths.py`, `offence_codes.py`, `band_labels.py` | what a cell's text means |
| `alike.py` | which texts mean the same |
| `names.py` | what the name of a column says of its unit |
| `making.py`, `columns.py`, `levels.py`, `offences.py` | from the file's columns to a cohort's |
| `donors.py` | what nobody knows, from a scenario's people |
| `apply.py` | all of it in order |
| `odd.py`, `report.py` | values that are odd; what was read as what |
| `profile.py`, `guess_levels.py`, `guess_numbers.py`, `guess_dates.py` | guesses |
| `entry.py`, `draft.py` | a mapping with a guess for every column, in TOML |
"""
