"""Charts: each one a file, drawn for a notebook or as SVG for a page."""
