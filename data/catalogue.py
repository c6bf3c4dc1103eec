"""The catalogue that comes with the house, `data/catalog.toml`, read from the checkout or from a wheel."""

import tomllib
from importlib.resources import files

from activation.catalogue import Catalogue


def load_catalogue() -> Catalogue:
    """Reads the packaged catalogue. Raises CatalogueError with a sentence when it contradicts itself."""
    return Catalogue.from_mapping(tomllib.loads(files("data").joinpath("catalog.toml").read_text(encoding="utf-8")))
