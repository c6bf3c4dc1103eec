"""Files that are replaced as a whole: after a crash there is the old one or the new one. Only their owner may read them."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Puts this content in the place of the file's, making its folder where there is none. Raises OSError where it cannot."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")  # which is its owner's alone
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
