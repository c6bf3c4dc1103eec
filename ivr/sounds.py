"""The routes of sounds, which may be kept: those that are always the same, and sentences by their signed names."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from ivr.sound_names import SoundNames, Utterance

KEPT_SECONDS = 24 * 3600


def add_recordings(blueprint: Blueprint, recordings: Mapping[str, Callable[[], bytes]]) -> None:
    """A route for each recording (WAV) by its name, such as `music`."""
    for name, recording in recordings.items():
        blueprint.add_url_rule(f"/{name}", name, lambda recording=recording: _sound(recording()), methods=["GET", "POST"])


def add_sentences(blueprint: Blueprint, names: SoundNames, speak: Callable[[Utterance], bytes | None]) -> None:
    """The route of everything the line says. `speak` gives it as WAV, or None where it cannot be spoken just now."""

    @blueprint.get("/sound/<name>.wav")
    def sentence(name: str) -> Response:
        utterance = names.read(name)
        if utterance is None:
            return Response("There is no such sound.\n", 404, mimetype="text/plain")
        sound = speak(utterance)
        if sound is None:
            return Response("This sound cannot be made just now.\n", 503, mimetype="text/plain")
        return _sound(sound)


def _sound(wav: bytes) -> Response:
    response = Response(wav, mimetype="audio/wav")
    cache = response.cache_control
    cache.public, cache.max_age, cache.immutable = True, KEPT_SECONDS, True
    response.add_etag()
    response.make_conditional(request)
    return response
