"""How the documentation is built: Sphinx reads Markdown (MyST) and notebooks."""

from longlight import __version__

project = "Longlight"
author = "The Longlight developers"
copyright = "2026, The Longlight developers"
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Notebooks and code blocks run in the tests, not here: a page is built the same everywhere.
nb_execution_mode = "off"
exclude_patterns = ["_build", "jupyter_execute", "images"]

html_theme = "furo"
html_title = "Longlight"
html_copy_source = False
# No request leaves a reader's machine: no font, no script from elsewhere.
html_theme_options = {"source_repository": ""}
