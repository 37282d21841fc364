"""The tutorial notebook runs from top to bottom, and its figures are figures."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorials" / "pharmacokinetics.ipynb"


def test_the_tutorial_runs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    figures = [out for out in outputs if "image/svg+xml" in out.get("data", {})]
    assert len(figures) == 3
    assert not [out for out in outputs if out.output_type == "error"]
