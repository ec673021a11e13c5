# Run in the kernel before a lecture's first cell: a figure's words say what it shows, for who cannot see it.


def _course_describe(figure, printer, cycle):
    def words(axes):
        named = {
            "title": axes.get_title(),
            "horizontally": axes.get_xlabel(),
            "vertically": axes.get_ylabel(),
            "showing": ", ".join(text for text in axes.get_legend_handles_labels()[1] if not text.startswith("_")),
        }
        said = [text if name == "title" else f"{name} {text}" for name, text in named.items() if text]
        return "; ".join(said)

    title = figure.get_suptitle()
    panels = [words(axes) for axes in figure.axes if axes.get_label() != "<colorbar>"]
    said = [text for text in [title, *panels] if text]
    printer.text("A figure: " + ". ".join(said) + "." if said else "A figure that the text around it describes.")


def _course_install(*_):
    from matplotlib.figure import Figure

    get_ipython().display_formatter.formatters["text/plain"].for_type(Figure, _course_describe)  # noqa: F821


# Before the pictures are shown: the first cell that draws makes IPython forget what it knows of figures.
get_ipython().events.register("post_execute", _course_install)  # noqa: F821
