"""Scores every row of a CSV file, in bounded memory, whole or not at all.

`layout` says what goes in and out, `plain` reads with the standard library, `quick` does the same
on bytes where the text is simple, `files` makes the result appear at once. Both ways give the same
bytes.
"""

from longlight.exchange.score_csv.layout import CsvRefused
from longlight.exchange.score_csv.run import CsvReport, score_csv

__all__ = ["CsvRefused", "CsvReport", "score_csv"]
