"""The workbook: results as tables for a spreadsheet, by the Analysis Function's rules."""

from .book import workbook as workbook
from .ods import as_ods as as_ods
from .ods import soffice as soffice
