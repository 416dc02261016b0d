"""The report: one HTML file that stands alone, made of sections that other pages show as well.

Every figure comes from the plain data of `results.json`. Nothing is computed here.
"""

from .drawn import charts_of as charts_of
from .page import page_html as page_html
from .page import report_html as report_html
from .page import stylesheet as stylesheet
from .sections import SECTIONS as SECTIONS
from .sections import heading_of as heading_of
from .sections import names_in as names_in
from .sections import section_html as section_html
