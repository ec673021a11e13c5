"""Colours that a colour-blind student can tell apart (Okabe and Ito), each for a light and for a dark page."""

COLOURS = {  # name: (on a light page, on a dark page)
    "blue": ("#0072B2", "#56B4E9"),
    "vermillion": ("#D55E00", "#FF8A3D"),
    "green": ("#007A59", "#2BC79A"),
    "orange": ("#B87500", "#F0B429"),
    "purple": ("#A8437A", "#E39BC5"),
    "sky": ("#3A8FBF", "#9AD4F5"),
    "grey": ("#6B6B6B", "#A8A8A8"),
    "ink": ("#111111", "#F2F2F2"),
}
ORDER = tuple(COLOURS)  # for curves that need different colours, in this order
DASHES = ((), (9, 6), (3, 5), (12, 5, 3, 5))  # and for those that need to be told apart without colour
MARKERS = ("circle", "square", "triangle", "cross")

# Colour maps as anchors, evenly spaced, between which is interpolated: of cividis, and of two classes that meet at a seam.
MAPS = {
    "cividis": {
        "light": ["#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#FEE838"],
        "dark": ["#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#FEE838"],
    },
    "classes": {
        "light": ["#4A9BC9", "#8FC1DF", "#F7F7F7", "#F2B48A", "#E0823F"],
        "dark": ["#0B5A8A", "#12405E", "#1C1C1C", "#6B3A18", "#A8500F"],
    },
}
