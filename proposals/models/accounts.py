"""Companies and their users. A user without a company (a superuser) sees nothing outside the admin."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import F

from realtime import notifications, revocation


class Company(models.Model):
    """Who answers tenders, and who is isolated from whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("nom", max_length=200, unique=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "entreprise"

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person of one company, or a superuser of none."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Administrateur"
        MEMBER = "member", "Membre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name="entreprise",
    )
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.MEMBER)
    #: How often the user was signed out everywhere; see `realtime.sign_ins.read_epoch`.
    sign_in_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["username"]
        verbose_name = "utilisateur"

    #: A change of one of these may end what a user sees.
    ACCESS_FIELDS = frozenset({"company", "company_id", "is_active", "password", "sign_in_epoch"})

    @property
    def socket_group(self) -> str:
        """Whoever shares a limit of sockets with this user (see `realtime.access.group_of`)."""
        return str(self.company_id or "")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """
        Save, and have open sockets checked when access may have changed.

        Who moves to another company leaves the news of the former one behind.
        """
        fields = kwargs.get("update_fields")
        with transaction.atomic():
            moved = self._is_moving(fields)
            super().save(*args, **kwargs)
            if moved:
                notifications.forget(self.pk)
        if fields is None or self.ACCESS_FIELDS.intersection(fields):
            revocation.announce()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and have open sockets checked."""
        deleted = super().delete(*args, **kwargs)
        revocation.announce()
        return deleted

    def sign_out_everywhere(self) -> None:
        """End all sessions of the pages, tokens, tickets and sockets of this user, who may sign in again."""
        type(self).objects.filter(pk=self.pk).update(sign_in_epoch=F("sign_in_epoch") + 1)
        revocation.announce()

    def get_session_auth_hash(self) -> str:
        """Return what a session of the pages must match; a new password and `sign_out_everywhere` change it."""
        return self._with_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same for each former SECRET_KEY."""
        return map(self._with_epoch, super().get_session_auth_fallback_hash())

    def _with_epoch(self, digest: str) -> str:
        return f"{digest}.{self.sign_in_epoch}"

    def _is_moving(self, fields: Iterable[str] | None) -> bool:
        if self._state.adding or not (fields is None or {"company", "company_id"}.intersection(fields)):
            return False
        # Locked: whoever tells the company something in this moment does so before or after, see `notifying`.
        stored = User.objects.select_for_update(no_key=True).filter(pk=self.pk).values_list("company_id", flat=True)
        return any(company_id != self.company_id for company_id in stored)

    @property
    def display_name(self) -> str:
        """The name shown to colleagues."""
        return self.get_full_name() or self.username
