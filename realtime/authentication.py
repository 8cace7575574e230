"""
JWTs for REST and sockets alike: beside what simplejwt asks, that the sign-in session was not ended.

Source: docs/adr/0014-sign-in-sessions.md.
"""

from __future__ import annotations

from typing import Any

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import Token

from realtime import sign_ins


class SignInAuthentication(JWTAuthentication):
    """Refuses the tokens of a log-in that was logged out, or of before its user was signed out everywhere."""

    def get_user(self, validated_token: Token) -> Any:
        """
        Return the user of a token whose signature and times were checked.

        Raises:
            AuthenticationFailed: no such user, inactive, or another password since (simplejwt).
            InvalidToken: signed out.
        """
        user = super().get_user(validated_token)
        outdated = validated_token.get(sign_ins.EPOCH_CLAIM, 0) != sign_ins.read_epoch(user)
        if outdated or sign_ins.is_revoked(sign_ins.read_sid(validated_token)):
            raise InvalidToken("This sign-in session has ended.")
        return user
