"""The inks of paper. WeasyPrint paints SVG from its attributes, not from the style sheet, so the charts carry these.

The same values stand in static/css/tokens.css for print; a test compares them.
"""

PRINT_INKS = {
    "new": "#0F4C5C",
    "old": "#5A646D",
    "old-soft": "#E4E6E8",
    "ink": "#111111",
    "ink-2": "#46524F",
    "line": "#9AA3A0",
    "surface": "#FFFFFF",
    "vendor-a": "#3D4E8A",
    "vendor-b": "#7B3A68",
}
INKS = {name.replace("-", "_"): value for name, value in PRINT_INKS.items()}
