"""What can go wrong with sound, as sentences; apart from the samples, so that a command may catch it without loading them."""


class NotASound(ValueError):
    """Bytes that are no recording this room can read; the sentence says what would be."""


class CannotSpeak(Exception):
    """An engine that gave no sound; the sentence says why and what to do."""


class CannotHear(Exception):
    """A recogniser that cannot listen; the sentence says why and what to do."""


class CannotFetch(Exception):
    """A model that could not be fetched; the sentence says why and what to do."""
