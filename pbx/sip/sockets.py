"""The port that SIP listens on, twice: over UDP and over TCP."""

import socket
from errno import EADDRINUSE

TRIES_FOR_A_FREE_PORT = 10


def bound_pair(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on the same port; for port 0, on one that is free for both. Raises OSError with a sentence."""
    for _ in range(TRIES_FOR_A_FREE_PORT):
        try:
            udp_socket = _bound(host, port, socket.SOCK_DGRAM)
        except OSError as error:
            raise _in_use(error, host, port) from error
        try:
            return udp_socket, _bound(host, udp_socket.getsockname()[1], socket.SOCK_STREAM)
        except OSError as error:
            udp_socket.close()
            if port or error.errno != EADDRINUSE:
                raise _in_use(error, host, port) from error
    raise OSError(EADDRINUSE, f"No port of {host} is free for SIP over both UDP and TCP: name one with --sip-port.")


def free_port(host: str, wanted: int) -> int:
    """The port that is free for SIP at this moment; for 0 any such one. Raises OSError with a sentence."""
    udp_socket, tcp_socket = bound_pair(host, wanted)
    with udp_socket, tcp_socket:
        port: int = udp_socket.getsockname()[1]
        return port


def _bound(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    try:
        if kind is socket.SOCK_STREAM:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def _in_use(error: OSError, host: str, port: int) -> OSError:
    if error.errno == EADDRINUSE:
        advice = "stop what uses it (another telephone?), or choose another with --sip-port, 0 for any"
        return OSError(EADDRINUSE, f"SIP port {port} of {host} is in use: {advice}.")
    return OSError(error.errno, f"SIP cannot listen on port {port} of {host}: {error.strerror}.")
