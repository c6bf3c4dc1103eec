"""The WORLD vocoder, imported here alone: pyworld imports pkg_resources, which warns in each of training's processes."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyworld import cheaptrick, d4c, dio, stonemask, synthesize

__all__ = ["cheaptrick", "d4c", "dio", "stonemask", "synthesize"]
