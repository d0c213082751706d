"""HTML templates: Jinja2 with autoescape, so that no value can become markup by mistake."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def environment(package: str) -> Environment:
    """Return the templates in a package's folder ``templates``. A variable that is not passed is an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def stylesheet(package: str, name: str) -> Markup:
    """Return a style sheet from a package's folder ``templates`` as markup, which a page includes without escaping."""
    return Markup((files(package) / "templates" / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours
