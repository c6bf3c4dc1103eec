"""The command `demo`: a scripted caller over real SIP and RTP, against the centre that runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import click

from pbx.demo.computer import Computer, DemoFailed
from pbx.demo.cues import Cues
from pbx.exchange.client import NO_EXCHANGE, AccountSettings, FindExchange
from pbx.exchange.plan import NO_SIP, speaks_sip
from voices.listening import Listener
from voices.speaking import Voices

HELP = """Watch a whole activation by telephone.

A scripted caller dials the line over SIP, gives the installation ID of a demo computer, hears the confirmation
ID with the recogniser, and types it into the computer. The centre must be running: `activation-center serve`."""

OPTIONS = (
    click.Option(
        ["--by"], type=click.Choice(["keys", "voice"]), default="keys", show_default=True, help="How digits are given."
    ),
    click.Option(
        ["--workstation"],
        default="demo",
        show_default=True,
        help="The computer; installed if there is none. Take another after a few calls a day: a person looks at more.",
    ),
    click.Option(
        ["--record"], type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Keep the sound as this WAV file."
    ),
)
Show = Callable[[str], None]
WITHOUT_SIP = "the exchange that runs does not speak SIP; start the centre without --no-exchange, where sippy is installed."


class DemoSettings(AccountSettings, Protocol):
    """What the command finds in click's `ctx.obj`."""

    @property
    def sip_address(self) -> str | None: ...
    @property
    def pace_seconds(self) -> float: ...
    @property
    def voices(self) -> Voices: ...
    @property
    def english_listener(self) -> Listener: ...
    @property
    def demo_cues(self) -> Cues: ...


def demo_command(computer: Callable[[Any, str], Computer], find_exchange: FindExchange) -> click.Command:
    """The command `demo`. `computer` gives the workstation of a name, of what click has in `ctx.obj`."""

    @click.pass_obj
    def demo(settings: DemoSettings, /, by: str, workstation: str, record: Path | None) -> None:
        watch(settings, find_exchange, computer(settings, workstation), by_voice=by == "voice", record=record)

    return click.Command("demo", callback=demo, params=list(OPTIONS), help=HELP, short_help="Watch a whole call.")


def watch(
    settings: DemoSettings,
    find_exchange: FindExchange,
    computer: Computer,
    *,
    by_voice: bool,
    record: Path | None = None,
    show: Show = click.echo,
) -> None:
    """One call about this computer, told as it goes. Raises ClickException where it cannot be made or goes another way."""
    if not speaks_sip():
        raise click.ClickException(NO_SIP)
    if find_exchange() is None:
        raise click.ClickException(NO_EXCHANGE)
    address = settings.sip_address
    if address is None:
        raise click.ClickException(WITHOUT_SIP)
    _run(settings, find_exchange, computer, address, by_voice, record, show)


def _run(
    settings: DemoSettings,
    find_exchange: FindExchange,
    computer: Computer,
    address: str,
    speaks: bool,
    record: Path | None,
    show: Show,
) -> None:
    # Imported here: SIP is not to be had on every platform, and numpy takes its time.
    from pbx.demo.session import Demo, demonstrate  # noqa: PLC0415
    from pbx.demo.tape import Tape  # noqa: PLC0415

    tape = Tape()
    made = Demo(
        settings=settings,
        find_exchange=find_exchange,
        sip_address=address,
        computer=computer,
        cues=settings.demo_cues,
        open_voices=lambda: settings.voices,
        open_listener=lambda: settings.english_listener,
        pace_seconds=settings.pace_seconds,
        speaks=speaks,
        show=show,
    )
    try:
        asyncio.run(demonstrate(made, tape))
    except DemoFailed as failed:
        raise click.ClickException(str(failed)) from None
    finally:
        if record is not None:
            record.write_bytes(tape.wav())
            show(f"The sound is in {record}.")
