"""What may stand in a log line."""

import logging

from activation.redaction import redact


class Redacting(logging.Filter):
    """Keeps foreign product keys out of every log line, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


def begin_logging() -> None:
    """Log lines on standard error, redacted."""
    handler = logging.StreamHandler()
    handler.addFilter(Redacting())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", handlers=[handler])
    logging.getLogger("twilio").setLevel(logging.WARNING)  # its client logs every request, the account included
