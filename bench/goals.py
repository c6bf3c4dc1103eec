"""Goals in words."""


def goal(what: str, measured: float, most: float, unit: str = "") -> str:
    """Whether a measure meets its goal; a missed one is printed, not an error."""
    return f"{what}: {measured:.2f}{unit}, goal at most {most:g}{unit}: {'met' if measured <= most else 'not met'}"
