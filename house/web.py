"""The web application: every page and service of one instance."""

import click
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from activation.catalogue import VOLUME_CHANNELS
from callcenter.console.centre import STREAMS
from callcenter.console.site import init_console
from callcenter.portal.site import init_portal
from callcenter.service.activation.blueprint import activation_blueprint
from callcenter.service.desk_phones import add_desk_phones
from callcenter.service.media import media_blueprint
from callcenter.service.metrics import metrics_blueprint
from callcenter.service.pages import pages_blueprint
from callcenter.service.phone import phone_blueprint
from callcenter.service.problems import busy
from callcenter.service.registration import Registry, registration_blueprint
from callcenter.service.server import refuse_port_in_use, serve_web
from data.demo_keys import offered_keys
from data.engine import StorageError
from house.instance import House, open_house
from house.moments import new_id
from house.pages import activation_service, centre, phones, portal
from house.premises import DEFAULT_HOST, DEFAULT_PORT
from ivr.sounds import add_recordings, add_sentences
from ivr.webhook import Webhooks, voice_blueprint
from voices.music import hold_music_wav
from voices.tones import accepted_wav
from workstation.page.room import DemoKey, Room, VolumeEdition
from workstation.page.site import init_workstation_page

LARGEST_FORM_BYTES = 4 * 1024 * 1024
THREADS = 16 + STREAMS
"""Every live page holds a thread; so many are left for webhooks and pages."""


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def web(house: House, host: str, port: int, workers: int) -> None:
    """The web server alone (`serve` starts it).

    It answers webhooks and serves the pages. Several may run on one database.
    """
    refuse_port_in_use(host, port)
    house.store.close()  # opened once, so that settings or a database that will not do are told here
    serve_web(lambda: create_app(open_house()), host, port, workers, THREADS)


def create_app(house: House | None = None) -> Flask:
    """The web application of one instance, by default the one ACTIVATION_CENTER_HOME names."""
    house = house or open_house()
    app = Flask("activation-center", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES)
    settings = house.settings
    app.register_blueprint(_voice(house))
    app.register_blueprint(activation_blueprint(activation_service(house)))
    media = media_blueprint(house.catalogue, house.secrets, house.find_key, house.has_corrected_media)
    for blueprint in (media, registration_blueprint(Registry(house.store, house.catalogue, house.clock, new_id))):
        blueprint.register_error_handler(StorageError, busy)
        app.register_blueprint(blueprint)
    app.register_blueprint(pages_blueprint(settings.line.name, settings.line.number, house.not_ready))
    app.register_blueprint(phone_blueprint(settings.line.name, phones(house)))
    app.register_blueprint(metrics_blueprint(lambda: house.store.read(lambda tx: tx.live.snapshot(house.clock()))))
    if settings.public_url:  # a proxy stands in front and says who asks, which limits on attempts need to know
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
    is_secure = (settings.public_url or "").startswith("https:")
    init_console(app, centre(house), secret_key=house.secrets.purpose("sessions"), is_secure=is_secure)
    init_portal(app, portal(house))
    _add_workstation_page(app, house)
    return app


def _add_workstation_page(app: Flask, house: House) -> None:
    """The simulated computers in a browser; demo keys are at hand there where nobody from outside is."""
    settings, products = house.settings, house.catalogue.products.values()

    def demo_keys() -> list[DemoKey]:
        offered = house.store.read(lambda tx: list(offered_keys(tx, house.secrets)))
        return [DemoKey(each.serial, each.title, each.channel, each.text) for each in offered]

    room = Room(
        home=house.home,
        centre_url=lambda: house.base_url,
        line_name=settings.line.name,
        clock=house.clock,
        demo_keys=(lambda: []) if settings.public_url else demo_keys,
        volume_editions=[VolumeEdition(each.name, each.title) for each in products if each.channels >= VOLUME_CHANNELS],
        catalogue=house.catalogue,
        is_open=settings.public_url is None or settings.workstation.page,
    )
    init_workstation_page(app, room)


def _voice(house: House) -> Blueprint:
    """The line's webhooks, and the sounds they name."""
    settings = house.settings
    webhooks = Webhooks(house.conversation, house.scripts, settings.auth_token, settings.public_url, house.sound_names)
    blueprint = voice_blueprint(webhooks)
    add_desk_phones(blueprint, house.store, house.clock)
    add_recordings(blueprint, {"music": hold_music_wav, "tone": accepted_wav})
    if house.sound_names:
        add_sentences(blueprint, house.sound_names, house.sound.speak)
    return blueprint
