"""The report: one HTML file that stands alone, made of sections that other pages show as well.

Every figure comes from the plain data of `results.json`. Nothing is computed here.
"""

from .page import page_html as page_html
from .page import report_html as report_html
from .sections import SECTIONS as SECTIONS
from .sections import section_html as section_html
