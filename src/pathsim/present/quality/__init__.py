"""Quality sheets of a comparison: what a run can say of itself, and what a person must fill in."""

from .pages import quality_html as quality_html
from .pages import quality_markdown as quality_markdown
