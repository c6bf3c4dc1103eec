"""Volume agreement numbers: eight digits, the last of which is a Damm check digit."""

from activation.digits import check_digit_holds, clean_digits

AGREEMENT_DIGITS = 8


def read_agreement_number(text: str) -> str | None:
    """The agreement number as solid digits, however it was typed; None when it cannot be one."""
    digits = clean_digits(text)
    return digits if digits and len(digits) == AGREEMENT_DIGITS and check_digit_holds(digits) else None
