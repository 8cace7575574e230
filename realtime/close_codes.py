"""
Why the server closes a socket: standard codes, and the reason that the `closing` frame says before.

Source: RFC 6455 §7.4.1; PROTOCOL.md, "Closing".
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

#: Added to the code by servers whose WebSocket library may not send it (daphne): 4008 stands for 1008.
PRIVATE_CODE_OFFSET = 3000


class CloseCode(IntEnum):
    """The codes we use; browsers see them because the server always accepts first."""

    POLICY = 1008
    TOO_BIG = 1009
    SERVER_FAULT = 1011
    RESTART = 1012
    TRY_LATER = 1013


class Reason(StrEnum):
    """The machine-readable reason in `closing.code`."""

    TOKEN_MISSING = "token_missing"
    TOKEN_INVALID = "token_invalid"
    TOKEN_EXPIRED = "token_expired"
    USER_INACTIVE = "user_inactive"
    FORBIDDEN = "forbidden"  # unknown project, or another company's: the same answer
    ACCESS_REVOKED = "access_revoked"  # the user may no longer watch, or the project is gone
    TOO_MANY_CONNECTIONS = "too_many_connections"  # of this user or of the user's group
    SERVER_FAULT = "server_fault"
    RESTART = "restart"
    RESYNC = "resync"  # the log was pruned or renumbered behind the socket: come back for a snapshot
    TOO_SLOW = "too_slow"
    TOO_MANY_COMMANDS = "too_many_commands"

    @property
    def close_code(self) -> CloseCode:
        """The WebSocket close code that goes with this reason."""
        return _CODES.get(self, CloseCode.POLICY)

    @property
    def reconnect(self) -> bool:
        """Whether a client should come back by itself."""
        return self is Reason.TOKEN_EXPIRED or self.close_code is not CloseCode.POLICY

    @property
    def sentence(self) -> str:
        """One English sentence for people who read frames."""
        return _SENTENCES[self]


_CODES = {
    Reason.SERVER_FAULT: CloseCode.SERVER_FAULT,
    Reason.RESTART: CloseCode.RESTART,
    Reason.RESYNC: CloseCode.RESTART,
    Reason.TOO_SLOW: CloseCode.TRY_LATER,
    Reason.TOO_MANY_COMMANDS: CloseCode.TRY_LATER,
}

_SENTENCES = {
    Reason.TOKEN_MISSING: "No token or ticket was sent.",
    Reason.TOKEN_INVALID: "The token or ticket is not valid.",
    Reason.TOKEN_EXPIRED: "The token has expired; connect again with a fresh one.",
    Reason.USER_INACTIVE: "This user may no longer sign in.",
    Reason.FORBIDDEN: "There is no such project for this user.",
    Reason.ACCESS_REVOKED: "This user may no longer watch this project.",
    Reason.TOO_MANY_CONNECTIONS: "This user, or the user's company, has too many sockets open; close some first.",
    Reason.SERVER_FAULT: "The server failed; connect again.",
    Reason.RESTART: "The server restarts; connect again.",
    Reason.RESYNC: "Events are missing from the log; connect again for a snapshot.",
    Reason.TOO_SLOW: "This socket does not read fast enough; connect again to resume.",
    Reason.TOO_MANY_COMMANDS: "Too many commands; connect again later.",
}
