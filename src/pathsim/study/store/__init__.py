"""Chunks of studies, kept in a folder, so that nothing is simulated twice.

`digest.py`: one hash of arrays and plain data; `recipe.py`: what made a chunk, whose hash is its
name; `content.py`: a chunk as a Parquet file; `folder.py`: the folder, safe for several processes;
`keeping.py`: what is in it, checked and pruned.
"""

from .folder import Store

__all__ = ["Store"]
