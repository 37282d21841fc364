"""Assessments: instruments filled in, the scores they give, what is due when, and scores that come in a file.

An assessment is what was answered (or, from a file or paper, a total alone); its score is computed from it.
Treatments that a file reports are kept here as reported, apart from the doses that this clinic gives.
"""
