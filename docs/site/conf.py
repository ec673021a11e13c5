"""Sphinx's settings for the site; ``python -m docs.site`` lays the pages and runs it."""

project = "How to Train Your Neural Network"
html_title = project
author = ""
language = "en"
root_doc = "index"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "docs.site.docstrings",
    "docs.site.mathfont",
    "docs.site.mathml",
    "docs.site.accessible",
]
exclude_patterns = ["**/.ipynb_checkpoints", "_math"]

# Lectures come with their outputs, exercises as students get them: nothing is run here.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "colon_fence", "amsmath"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a demo's cell may begin with a small heading

autodoc_typehints = "none"  # the docstrings say it
autodoc_member_order = "bysource"
autosummary_generate = False
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "py:obj"
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses on a disk
html_theme_options = {"top_of_page_buttons": []}
html_permalinks_icon = "#"
