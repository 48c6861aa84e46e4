"""The icons: one path each on a 16 by 16 field, drawn for 14 pixels. Written into the page, never fetched."""

ICONS = {
    "arrow": "M9 2.5 14.5 8 9 13.5 7.6 12.1 10.7 9H1.5V7h9.2L7.6 3.9z",
    "book": "M2 2h5l1 1 1-1h5v11H9l-1 1-1-1H2zm2 2v7h3V4zm5 0v7h3V4z",
    "clock": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 4h2v4l3 2-1 1.6L7 9z",
    "copy": "M5 1h9v10h-3v4H2V5h3zm2 2v2h4v4h1V3zM4 7v6h5V7z",
    "cross": "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z",
    "diamond": "M8 0l8 8-8 8-8-8z",
    "document": "M3 1h7l3 3v11H3zm2 2v10h6V5H9V3z",
    "download": "M7 1h2v7.2l2.6-2.6L13 7l-5 5-5-5 1.4-1.4L7 8.2zM2 13h12v2H2z",
    "half": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2v10A5 5 0 0 1 8 3z",
    "info": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 4h2v2H7zm0 3h2v5H7z",
    "lock": "M8 1a4 4 0 0 1 4 4v2h1v8H3V7h1V5a4 4 0 0 1 4-4zm0 2a2 2 0 0 0-2 2v2h4V5a2 2 0 0 0-2-2z",
    "octagon": "M5 1h6l4 4v6l-4 4H5l-4-4V5zM7 4v5h2V4zm0 6v2h2v-2z",
    "pause": "M3 2h4v12H3zm6 0h4v12H9z",
    "tick": "M6.2 12.4 1.8 8l1.4-1.4 3 3 6.6-6.6L14.2 4.4z",
    "upload": "M7 11V4.8L4.4 7.4 3 6l5-5 5 5-1.4 1.4L9 4.8V11zM2 13h12v2H2z",
}
