"""Safety: alerts that stay until a named person has claimed them, logged contact and recorded an outcome.

An alert is raised where an answer is kept, in the same transaction, by whichever door the answer came. It is a flag,
not a risk assessment. Nothing but a person's recorded outcome closes it.
"""
