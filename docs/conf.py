"""The documentation site: `make docs` builds it into build/site, as plain files."""

from __future__ import annotations

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

import pathsim as ps

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "pathsim"
author = "the authors of pathsim"
version = release = ps.__version__
language = "en"
root_doc = "index"
exclude_patterns = ["_site", "notebooks/.ipynb_checkpoints"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "numpydoc",
    "_site.links",
    "_site.llms",
    "_site.public_names",
    "_site.signatures",
]

# Types stand in the signature, so that docstrings need not repeat them.
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False

# Every reference resolves, but to names of other projects and to those that are not public.
nitpicky = True
nitpick_ignore_regex = [
    ("py:(class|data|obj)", r"(np|numpy|pd|pandas|pydantic|collections|typing|pathlib)\..*"),
    ("py:class", r"pathsim\..*"),
    ("py:class", r"[\w ]+|[\d.]+"),  # types and units in words
]

myst_enable_extensions = ["attrs_block", "deflist"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
# A few notebooks are simulated anew only when they change.
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE.parent / "build" / "docs-notebooks")
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # else scripts from elsewhere

lexers["csv"] = TextLexer()  # else unknown

html_theme = "pydata_sphinx_theme"
html_title = "pathsim"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # it fetches pages, which plain files do not allow
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "pathsim"},
    "navigation_with_keys": False,
    "show_prev_next": True,
    "show_toc_level": 2,
    "header_links_before_dropdown": 7,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
copyright = "official statistics: Open Government Licence v3.0. Code: MIT"  # noqa: A001 Sphinx's name
