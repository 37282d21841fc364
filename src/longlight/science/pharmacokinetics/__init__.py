"""Published ketamine models as data, and the closed-form engine that runs them.

A model file (`models/*.toml`) names compartments, flows, routes and outputs, every number with its
source. `published` reads it, `person` turns it into one person's numbers (or many people's),
`system` into a linear system, `modes` and `propagation` solve that exactly, `summaries` finds
peaks, areas and times above a level without a grid. NumPy is the definition; `compiled` is the same
arithmetic for large populations and must agree with it to 1e-12 of a curve's peak.
"""
