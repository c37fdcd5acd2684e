"""The measure (考评办法): the office's own rules of assessment, as data with articles and effective dates.

`model` and `rules` are what a measure is, `read` takes it from its file, `check` and `fit` refuse one that cannot be
meant so, `choose` finds the rule for what happened, `law` quotes it. Every rule names the article it comes from, and
that article is in the file: what a unit is told about its points can always be read up. Points are hundredths.
`domain/data/measure-sample.toml` shows the format.
"""

from __future__ import annotations

from domain.measure.fault import MeasureFault
from domain.measure.law import article_name, explain, find_article, measure_on
from domain.measure.model import Measure
from domain.measure.read import parse_measure, read_measure
from domain.measure.written import Written

__all__ = [
    "Measure",
    "MeasureFault",
    "Written",
    "article_name",
    "explain",
    "find_article",
    "measure_on",
    "parse_measure",
    "read_measure",
]
