"""
What can go wrong in the terminal client, one class per meaning. The texts are French sentences for the terminal.

    TerminalError
    ├── InvalidAddress      that is no address of a server
    ├── ServerUnreachable   nobody answers, or not now; the same again may succeed
    ├── NotThisService      somebody answers, but not this service
    ├── SignInRefused       the name, the password or the token is refused
    └── SocketRefused       the server closed the socket for good; has the `code` of its `closing` frame
"""

from __future__ import annotations

from realtime.close_codes import Reason


class TerminalError(Exception):
    """Base of the errors of the terminal client; its text is one sentence that can be shown."""


class InvalidAddress(TerminalError):
    """The given URL is no address of a server."""

    def __init__(self, url: str) -> None:
        super().__init__(f"« {url} » n'est pas l'adresse d'un serveur (exemple : http://127.0.0.1:8000).")


class ServerUnreachable(TerminalError):
    """Nobody answers at the address, or the server cannot answer now."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Le serveur {address} ne répond pas : vérifiez l'adresse et qu'il est démarré.")


class NotThisService(TerminalError):
    """Something answers at the address, but not as this service does."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Le serveur {address} répond, mais ce n'est pas un serveur Tenderwire.")


class SignInRefused(TerminalError):
    """The user name and password open nothing."""

    def __init__(self) -> None:
        super().__init__("Nom d'utilisateur ou mot de passe refusé.")


class SocketRefused(TerminalError):
    """The server closed the socket and does not want it back."""

    def __init__(self, code: str) -> None:
        super().__init__(_SENTENCES.get(code, f"Le serveur a refusé la connexion ({code})."))
        self.code = code


_SENTENCES: dict[str, str] = {
    Reason.TOKEN_MISSING: "Le serveur demande un jeton d'accès.",
    Reason.TOKEN_INVALID: "Le jeton d'accès n'est pas valable.",
    Reason.TOKEN_EXPIRED: "Le jeton d'accès a expiré : donnez-en un nouveau.",
    Reason.USER_INACTIVE: "Ce compte utilisateur est désactivé.",
    Reason.TOO_MANY_CONNECTIONS: "Trop de connexions sont ouvertes pour cet utilisateur ou son entreprise.",
    Reason.FORBIDDEN: "Ce projet n'existe pas ou ne vous est pas accessible.",
}
