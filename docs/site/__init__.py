"""The site that ``make docs`` builds: lectures with their outputs, exercises, guides, and the library's pages."""
