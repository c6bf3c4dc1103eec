"""The laws of the house, read from every import, transitively; and that its documents tell the truth."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("activation", "ivr", "callcenter", "voices", "pbx", "workstation", "data", "stories", "house")
PAGE = "workstation/page"
"""The only place of that room where Flask is known: the room itself may not import it."""
FLOOR, SERVICES = "callcenter/floor", ("callcenter/console", "callcenter/portal", "callcenter/service")

MAY_IMPORT = {
    "activation": set(),
    "ivr": {"activation"},
    FLOOR: {"activation"},
    "callcenter": {FLOOR, "activation"},
    **{service: {FLOOR, "ivr", "activation", service} for service in SERVICES},
    "data": {FLOOR, "ivr", "activation"},
    "voices": set(),
    "pbx": {"voices"},
    "workstation": {"activation"},
    PAGE: {"workstation", "activation"},
    "stories": {"pbx", "workstation", "activation", "voices"},
}
MAY_IMPORT["house"] = {room for rooms in MAY_IMPORT.items() for room in (rooms[0], *rooms[1])}
"""What each room may import of ours, besides itself (design: imports go downward only)."""

NEVER = {
    "activation": {
        "flask",
        "twilio",
        "sqlite3",
        "sqlite_utils",
        "psycopg",
        "asyncio",
        "random",
        "secrets",
        "time",
        "click",
        "aiohttp",
    },
    "ivr": {"sqlite3", "sqlite_utils", "psycopg", "asyncio", "random", "secrets", "time", "aiohttp"},
    FLOOR: {"flask", "sqlite3", "sqlite_utils", "psycopg", "random", "secrets", "time", "click", "twilio"},
    **{service: {"sqlite3", "sqlite_utils", "psycopg"} for service in SERVICES},
    "data": {"flask", "twilio"},
    "pbx": {"flask", "sqlite3", "sqlite_utils", "psycopg"},
    "workstation": {"flask", "flask_wtf", "wtforms", "twilio", "sqlite3", "sqlite_utils", "psycopg"},
    PAGE: {"twilio", "sqlite3", "sqlite_utils", "psycopg"},
    "stories": {"flask", "sqlite3", "sqlite_utils", "psycopg"},
}
"""Libraries that a room keeps out."""

ONLY_IN = {
    "flask": {"ivr/webhook.py", "ivr/sounds.py"},
    "twilio": {"ivr/twiml.py", "ivr/webhook.py"},
    "itsdangerous": {"ivr/sound_names.py"},
    "lxml": {"ivr/twiml.py"},
}
"""In `ivr/`: webhooks and sounds have routes, the one file for TwiML (and the one that checks signatures) knows Twilio's
library, and names are signed in one place."""


ENGINES = {
    "sippy": "pbx/sip/",
    "aiortp": "pbx/rtp/",
    "jwt": "pbx/browser/",
    "soundfile": "pbx/audio/audio_file.py",
    "vosk": "voices/vosk_listener.py",
    "pyttsx3": "voices/pyttsx3_speaker.py",
}
"""Libraries that another could take the place of, each known in one place only."""


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    if path.is_relative_to(ROOT / PAGE):
        return PAGE
    return "/".join(parts[:2]) if parts[0] == "callcenter" and len(parts) > 2 else parts[0]


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module that a file names in an import, wherever in the file it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name their room"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def file_of(module: str) -> Path | None:
    """The file of ours that a dotted name stands for."""
    stem = ROOT.joinpath(*module.split("."))
    candidates = (stem.with_suffix(".py"), stem / "__init__.py")
    return next((path for path in candidates if path.is_file() and module.split(".")[0] in ROOMS), None)


@cache
def reached_from(path: Path) -> frozenset[Path]:
    """Every file of ours that importing this one brings in."""
    reached: set[Path] = set()
    waiting = [path]
    while waiting:
        for module in imports_of(waiting.pop()):
            if (target := file_of(module)) and target not in reached:
                reached.add(target)
                waiting.append(target)
    return frozenset(reached)


def libraries_of(path: Path) -> set[str]:
    return {module.split(".")[0] for file in (path, *reached_from(path)) for module in imports_of(file)}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downward_only(path: Path) -> None:
    room = room_of(path)
    allowed = MAY_IMPORT.get(room, set()) | {room, "callcenter", "callcenter/__init__.py"}
    assert {room_of(other) for other in reached_from(path)} <= allowed


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_keeps_out_what_its_law_names(path: Path) -> None:
    assert libraries_of(path).isdisjoint(NEVER.get(room_of(path), set()))


def test_activation_needs_the_standard_library_cryptography_and_stdnum_only() -> None:
    used = {library for path in (ROOT / "activation").rglob("*.py") for library in libraries_of(path)}
    assert used - set(sys.stdlib_module_names) - {"activation"} == {"cryptography", "stdnum"}


@pytest.mark.parametrize("library", ONLY_IN)
def test_only_the_files_at_the_conversations_edge_say_a_flask_or_twilio_word(library: str) -> None:
    saying = {
        path for path in (ROOT / "ivr").rglob("*.py") if any(module.split(".")[0] == library for module in imports_of(path))
    }
    assert {str(path.relative_to(ROOT)) for path in saying} == ONLY_IN[library]


@pytest.mark.parametrize("library", ENGINES)
def test_an_engine_is_imported_in_its_own_adapter_only(library: str) -> None:
    using = [str(path.relative_to(ROOT)) for path in sources() if library in {name.split(".")[0] for name in imports_of(path)}]
    assert using
    assert all(path.startswith(ENGINES[library]) for path in using), using


def test_all_sql_stands_in_data() -> None:
    """A string that begins like a statement, anywhere else, is a statement in the wrong room."""

    def statements(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value.split()
                if (len(words) > 2 and " ".join(words[:2]).upper() in ("INSERT INTO", "DELETE FROM", "CREATE TABLE")) or words[
                    :1
                ] in (["SELECT"], ["UPDATE"]):
                    yield node.value

    outside = [path for path in [*sources(), ROOT / "app.py"] if room_of(path) != "data"]
    assert {path: found for path in outside if (found := list(statements(path)))} == {}


def test_no_two_files_import_each_other() -> None:
    circles = {
        tuple(sorted((path, other)))
        for path in sources()
        for other in reached_from(path)
        if other != path and path in reached_from(other)
    }
    assert circles == set()


def test_every_room_states_its_law() -> None:
    for folder in {path.parent for path in sources()}:
        law = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert law, f"{folder} does not say what it is for"


CATCHES_ANYTHING = {"voices/vosk_listener.py": ["_loaded"]}
"""Vosk says that it cannot load a model with a bare `Exception`, so that nothing narrower can be caught around that call."""


def test_nothing_is_swallowed_by_a_broad_except() -> None:
    """The webhook's last resort is Flask's error handler; no `except` of the house but one catches everything."""

    def names(handler: ast.ExceptHandler) -> set[str]:
        return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"Exception"}

    def broad(tree: ast.AST, function: str = "") -> Iterator[str]:
        """The function of each such handler."""
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, ast.ExceptHandler) and not names(node).isdisjoint({"Exception", "BaseException"}):
                yield function
            yield from broad(node, node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function)

    found = {
        str(path.relative_to(ROOT)): functions
        for path in [*sources(), ROOT / "app.py"]
        if (functions := list(broad(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == CATCHES_ANYTHING


def test_the_readmes_diagram_is_drawn_from_the_dialogue() -> None:
    spec = importlib.util.spec_from_file_location("state_diagram", ROOT / "docs" / "state_diagram.py")
    assert spec is not None
    assert spec.loader is not None
    diagram = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(diagram)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert diagram.write(text) == text, "run: python docs/state_diagram.py"
