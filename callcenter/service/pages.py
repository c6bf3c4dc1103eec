"""The start page and the two questions that whoever runs the centre asks of it: does it live, is it ready."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, render_template


def pages_blueprint(name: str, line_number: str, not_ready: Callable[[], str | None]) -> Blueprint:
    """`GET /`, `/healthz` (the process answers) and `/readyz` (calls can be served; else 503 and why)."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

    @blueprint.get("/")
    def start() -> str:
        return render_template("start.html", name=name, line_number=line_number, problem=not_ready())

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        problem = not_ready()
        return jsonify(status="not ready" if problem else "ok", problem=problem), 503 if problem else 200

    @blueprint.after_app_request
    def add_security_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return blueprint
