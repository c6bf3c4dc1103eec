"""Goals in words."""


def goal(what: str, measured: float, most: float, unit: str = "") -> str:
    """Whether a measure meets its goal; a missed one is printed, not an error."""
    return f"{what}: {measured:.2f}{unit}, goal at most {most:g}{unit}: {'met' if measured <= most else 'not met'}"


def goal_of_share(what: str, measured: float, least: float) -> str:
    """Whether a share reaches its goal."""
    return f"{what}: {measured:.1%}, goal at least {least:.0%}: {'met' if measured >= least else 'not met'}"
