"""Key-management hosts as a person at the terminal has them: set up, registered, and asked."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Catalogue, Channel
from workstation.commands import workstation
from workstation.kms.commands import kms
from workstation.kms.files import host_folder
from workstation.kms.host import Host


@dataclass(frozen=True, slots=True)
class Places:
    """What app.py hands to the commands."""

    home: Path
    base_url: str
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Network:
    """The customer's network: its hosts, and the commands to them."""

    home: Path
    catalogue: Catalogue
    sell: Callable[..., str]
    issue: Callable[..., str]
    serve: Callable[[], AbstractContextManager[str]]

    def run(self, *arguments: str, centre_url: str = "http://127.0.0.1:9") -> Result:
        """One command, as a new process would run it; nothing listens on port 9."""
        return CliRunner().invoke(kms, list(arguments), obj=Places(self.home, centre_url, self.catalogue))

    def computer(self, *arguments: str) -> Result:
        """One command to the computers of the network."""
        return CliRunner().invoke(workstation, list(arguments), obj=Places(self.home, "http://127.0.0.1:9", self.catalogue))

    def does(self, *arguments: str) -> str:
        """What a command prints that does what it is asked."""
        outcome = self.run(*arguments)
        assert outcome.exit_code == 0, outcome.output
        return outcome.stdout

    def refuses(self, *arguments: str, centre_url: str = "http://127.0.0.1:9") -> str:
        """The one sentence of a command that changes nothing."""
        outcome = self.run(*arguments, centre_url=centre_url)
        assert outcome.exit_code == 1, outcome.output
        assert outcome.stdout == ""
        assert outcome.stderr.count("\n") == 1
        return outcome.stderr

    def asked(self, *arguments: str) -> dict[str, Any]:
        """The answer to the one who asks with this command."""
        outcome = self.run(*arguments, "--json")
        (answer,) = json.loads(outcome.stdout)
        assert outcome.exit_code == (0 if answer["activated"] else 1)
        return dict(answer)

    def shown(self, name: str) -> dict[str, Any]:
        """The page of a host, for programs."""
        return dict(json.loads(self.does("show", name, "--json")))

    def read(self, name: str) -> Host:
        host = host_folder(self.home).read(name)
        assert isinstance(host, Host)
        return host

    def new(self, name: str, product: str, *options: str) -> str:
        """Sets a host up with a new key of this product's group; what the command prints."""
        with self.serve() as url:
            outcome = self.run("new", name, "--key", self.sell(product, Channel.KMS), *options, centre_url=url)
        assert outcome.exit_code == 0, outcome.output
        return outcome.stdout

    def registered(self, name: str, product: str, *options: str) -> str:
        """Sets a host up and registers it with what the line would read; its name."""
        self.new(name, product, *options)
        self.does("confirm", name, self.confirmation_id(name))
        return name

    def confirmation_id(self, name: str, issue_number: int = 0) -> str:
        return self.issue(self.read(name).machine, issue_number)


@pytest.fixture
def network(
    tmp_path: Path,
    catalogue: Catalogue,
    sell: Callable[..., str],
    issue: Callable[..., str],
    serve: Callable[[], AbstractContextManager[str]],
) -> Network:
    """An empty network."""
    return Network(tmp_path, catalogue, sell, issue, serve)


@pytest.fixture(scope="module")
def open_network(catalogue: Catalogue, sell: Callable[..., str], issue: Callable[..., str]) -> Callable[..., Network]:
    """An empty network in a folder of one's own: `open_network(home, serve)`."""
    return lambda home, serve: Network(home, catalogue, sell, issue, serve)
