"""The close report: what was quoted and promised against what the records measured.

`content.py` and what it asks are queries that end in frozen dataclasses; `sheets.py` puts those into words. A figure
that no record tells is None, and is printed as not recorded. Nothing in the content moves by itself with the time.
"""
