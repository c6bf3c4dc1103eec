"""Fetching a model, from a server of our own on this machine."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner

from voices.faults import CannotFetch
from voices.hearing_commands import fetch_model, models
from voices.model_catalogue import PUBLISHED, fetch, published
from voices.vosk_models import BUNDLED

GERMAN = next(model for model in PUBLISHED if model.language == "de")


class _Site(ThreadingHTTPServer):
    """Serves bytes by path, and may promise more than it sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.promised_more = 0
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/models"


class _Handler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"") + self.server.promised_more))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[_Site]:
    with _Site() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _archive(compression: int = ZIP_STORED, **files: str) -> bytes:
    archive = io.BytesIO()
    with ZipFile(archive, "w", compression) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return archive.getvalue()


def _flagged(archive: bytes, at: int, at_in_directory: int, flag: bytes) -> bytes:
    """The archive with this word in its first member's header and in its directory's: encrypted, or packed in another way."""
    changed, entry = bytearray(archive), archive.index(b"PK\x01\x02")
    changed[at : at + 2] = changed[entry + at_in_directory : entry + at_in_directory + 2] = flag
    return bytes(changed)


MODEL = {f"{GERMAN.name}/am/final.mdl": "network", f"{GERMAN.name}/conf/mfcc.conf": ""}


def _serve(site: _Site, content: bytes) -> None:
    site.files[f"/models/{GERMAN.name}.zip"] = content


def _nothing(done: int, total: int | None) -> None:
    """Shows no progress."""


def test_a_model_is_unpacked_whole_and_the_setting_is_told(site: _Site, tmp_path: Path) -> None:
    _serve(site, _archive(**MODEL))
    ran = CliRunner().invoke(fetch_model, ["de", "--into", str(tmp_path), "--source", site.address], input="y\n")
    assert ran.exit_code == 0, ran.output
    assert "45 MB" in ran.output
    assert site.address in ran.output
    assert f'models = {{ de = "{tmp_path / GERMAN.name}" }} under [hearing]' in ran.output
    assert (tmp_path / GERMAN.name / "am" / "final.mdl").read_text() == "network"
    assert [path.name for path in tmp_path.iterdir()] == [GERMAN.name]


def test_the_setting_told_holds_wherever_the_line_is_started(
    site: _Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _serve(site, _archive(**MODEL))
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(fetch_model, ["de", "--yes", "--into", "models", "--source", site.address])
    assert f'"{tmp_path / "models" / GERMAN.name}"' in ran.output


def test_nothing_is_asked_of_the_network_before_the_person_agrees(site: _Site, tmp_path: Path) -> None:
    ran = CliRunner().invoke(fetch_model, ["de", "--into", str(tmp_path), "--source", site.address], input="n\n")
    assert ran.exit_code == 1
    assert site.asked == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"<html>moved</html>", "no ZIP archive"),
        (_archive(**{"readme.txt": "hello"}), "no archive of a Vosk model"),
        (_archive(**MODEL, **{"../escaped": "x"}), "not to be trusted"),
        (_archive(**MODEL, **{"/escaped": "x"}), "not to be trusted"),
        (_archive(**MODEL, **{"C:\\escaped": "x"}), "not to be trusted"),
        (_archive(ZIP_DEFLATED, **MODEL, **{"zeros": "0" * 1_000_000}), "would unpack to 1000007"),
        (_archive(**MODEL).replace(b"network", b"notwork"), "no ZIP archive that can be unpacked"),
        (_flagged(_archive(**MODEL), 6, 8, b"\x01\x00"), "no ZIP archive that can be unpacked"),
        (_flagged(_archive(**MODEL), 8, 10, b"\x61\x00"), "no ZIP archive that can be unpacked"),
        (_flagged(_archive(**MODEL), 8, 10, b"\x08\x00"), "no ZIP archive that can be unpacked"),
    ],
)
def test_what_is_no_model_leaves_nothing_behind(site: _Site, tmp_path: Path, content: bytes, complaint: str) -> None:
    _serve(site, content)
    with pytest.raises(CannotFetch, match=complaint):
        fetch(GERMAN, tmp_path / "models", site.address, _nothing)
    assert list((tmp_path / "models").iterdir()) == []
    assert not (tmp_path / "escaped").exists()


def test_an_archive_packed_from_within_its_folder_is_as_good(site: _Site, tmp_path: Path) -> None:
    _serve(site, _archive(**{"./": "", **{f"./{name}": content for name, content in MODEL.items()}}))
    assert (fetch(GERMAN, tmp_path, site.address, _nothing) / "am" / "final.mdl").is_file()


def test_a_download_that_breaks_off_leaves_nothing_behind(site: _Site, tmp_path: Path) -> None:
    _serve(site, _archive(**MODEL))
    site.promised_more = 10
    with pytest.raises(CannotFetch):
        fetch(GERMAN, tmp_path, site.address, _nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_and_a_silent_server_are_told_in_a_sentence(site: _Site, tmp_path: Path) -> None:
    ran = CliRunner().invoke(fetch_model, ["de", "--yes", "--into", str(tmp_path), "--source", site.address])
    assert ran.exit_code == 1
    assert "404" in ran.output
    site.server_close()
    ran = CliRunner().invoke(fetch_model, ["de", "--yes", "--into", str(tmp_path), "--source", "http://127.0.0.1:9"])
    assert ran.exit_code == 1
    assert "could not be reached" in ran.output


def test_a_model_that_is_there_is_not_fetched_again(site: _Site, tmp_path: Path) -> None:
    (tmp_path / GERMAN.name).mkdir()
    with pytest.raises(CannotFetch, match="is there already"):
        fetch(GERMAN, tmp_path, site.address, _nothing)
    assert site.asked == []


def test_the_catalogue_has_every_language_of_the_line_and_the_small_one_first() -> None:
    for language in ("en", "de", "fr", "es"):
        model = published(language)
        assert model is not None
        assert "small" in model.name
    assert published("vosk-model-de-0.21") in PUBLISHED
    assert published("tlh") is None


def test_the_list_names_every_model_and_its_size() -> None:
    listed = CliRunner().invoke(fetch_model, []).output
    for model in PUBLISHED:
        assert model.name in listed


def test_fetched_models_are_listed_with_their_folder(tmp_path: Path) -> None:
    (tmp_path / "vosk-model-small-xx" / "am").mkdir(parents=True)
    (tmp_path / "vosk-model-small-xx" / "am" / "final.mdl").write_bytes(b"x" * 30_000_000)
    (tmp_path / "vosk-model-small-xx" / "conf").mkdir()
    (tmp_path / "vosk-model-small-xx" / "conf" / "mfcc.conf").write_text("")
    listed = CliRunner().invoke(models, ["--into", str(tmp_path)], obj=SimpleNamespace(models={})).output
    assert "vosk-model-small-xx" in listed
    assert "30 MB" in listed


def test_scripts_read_the_list_of_models_and_half_fetched_ones_are_not_in_it(tmp_path: Path) -> None:
    (tmp_path / ".vosk-model-de-0.21-draft").mkdir()
    (tmp_path / "empty").mkdir()
    ran = CliRunner().invoke(models, ["--json", "--into", str(tmp_path)], obj=SimpleNamespace(models={"de": tmp_path / "gone"}))
    rows = {row["folder"]: row for row in json.loads(ran.output)}
    assert rows.keys() == {str(path) for path in (*BUNDLED.values(), tmp_path / "gone", tmp_path / "empty")}
    assert rows[str(tmp_path / "gone")]["language"] == "de"
    assert "There is no folder" in rows[str(tmp_path / "gone")]["fault"]
    assert rows[str(tmp_path / "empty")]["language"] is None
    assert "holds no Vosk model" in rows[str(tmp_path / "empty")]["fault"]
