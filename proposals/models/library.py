"""The content library of a company: passages that its proposals are made of."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.accounts import Company

if TYPE_CHECKING:
    from proposals.models.accounts import User

#: A running import that has written nothing for this long has lost its process.
INTERRUPTED_AFTER = timedelta(minutes=10)
INTERRUPTED = {
    "code": "import_interrupted",
    "error": "L’import s’est interrompu avant la fin ; rien n’a été enregistré. Relancez-le.",
}
#: Stands around each tag in `ContentItem.search_text`; no title, text or tag holds it.
TAG_MARK = "\x1f"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "‘": "'"})


def fold_for_search(text: str) -> str:
    """Return the text as it is searched: no case, no accents, plain apostrophes, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def make_search_text(title: str, body: str, tags: Iterable[str]) -> str:
    """Return what a search looks into: the folded words, then each folded tag between marks."""
    folded = TAG_MARK.join(fold_for_search(tag) for tag in tags)
    return f"{fold_for_search(title)}\n{fold_for_search(body)}\n{TAG_MARK}{folded}{TAG_MARK}"


class LibraryImportQuerySet(models.QuerySet["LibraryImport"]):
    """Who sees which import."""

    def visible_to(self, user: User) -> LibraryImportQuerySet:
        """Return the imports of the user's company; none for a user without company or without access."""
        if not user.is_active or user.company_id is None:
            return self.none()
        return self.filter(company_id=user.company_id)


class LibraryImport(models.Model):
    """One file taken into the library: how far it is, and what came of it."""

    class Status(models.TextChoices):
        RUNNING = "running", "En cours"
        SUCCEEDED = "succeeded", "Terminé"
        FAILED = "failed", "En échec"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="imports", verbose_name="entreprise")
    filename = models.CharField("nom du fichier", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.RUNNING)
    progress = models.PositiveSmallIntegerField("avancement (%)", default=0)
    message = models.CharField("étape", max_length=200, blank=True)
    items_total = models.PositiveIntegerField("passages lus", default=0)
    created_total = models.PositiveIntegerField("passages ajoutés", default=0)
    #: {"code", "error"} of a failure, safe to show.
    error = models.JSONField("erreur", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="importé par"
    )
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    #: Of the last step that the import wrote.
    updated_at = models.DateTimeField("dernière étape le", auto_now=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)

    objects = LibraryImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "import"

    def __str__(self) -> str:
        return self.filename

    @property
    def duplicates_total(self) -> int:
        """Passages that were read and that the library already had."""
        return self.items_total - self.created_total

    def is_interrupted(self, *, now: datetime) -> bool:
        """Whether it says that it runs although its process must be gone."""
        return self.status == self.Status.RUNNING and now - self.updated_at > INTERRUPTED_AFTER

    def shown_status(self, *, now: datetime) -> str:
        """Return the state for people: an interrupted import has failed, although nobody was left to write it."""
        return self.Status.FAILED if self.is_interrupted(now=now) else self.status

    def shown_error(self, *, now: datetime) -> dict[str, str] | None:
        """Return {"code", "error"} of a failed or interrupted import."""
        error: dict[str, str] | None = INTERRUPTED if self.is_interrupted(now=now) else self.error
        return error


class ContentItemQuerySet(models.QuerySet["ContentItem"]):
    """The one rule of who sees which passage, and which are out of date."""

    def visible_to(self, user: User) -> ContentItemQuerySet:
        """Return the passages of the user's company; none for a user without company or without access."""
        if not user.is_active or user.company_id is None:
            return self.none()
        return self.filter(company_id=user.company_id)

    def current(self, *, today: date) -> ContentItemQuerySet:
        """Return the passages that are not out of date."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=today))

    def expired(self, *, today: date) -> ContentItemQuerySet:
        """Return the passages whose last day has passed."""
        return self.filter(valid_until__lt=today)


class ContentItem(models.Model):
    """One passage of the library, in Markdown, with where it comes from and until when it is true."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", "Présentation de l’entreprise"
        TEAM = "team", "Moyens humains"
        EQUIPMENT = "equipment", "Moyens matériels"
        METHOD = "method", "Méthodologie"
        PLANNING = "planning", "Organisation et planning"
        REFERENCE = "reference", "Référence"
        QUALITY = "quality", "Qualité et contrôles"
        SAFETY = "safety", "Sécurité et santé"
        ENVIRONMENT = "environment", "Environnement"
        SOCIAL = "social", "Social et RSE"
        DATA_SECURITY = "data_security", "Sécurité des SI et RGPD"
        SERVICE = "service", "Support, maintenance et SLA"
        OTHER = "other", "Autre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="library", verbose_name="entreprise")
    title = models.CharField("titre", max_length=300)
    body = models.TextField("texte (Markdown)")
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.OTHER)
    tags = models.JSONField("étiquettes", default=list, blank=True)
    language = models.CharField("langue", max_length=5, default="fr")
    #: Last day on which the passage is true; None for always.
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsable",
    )
    #: Where it comes from, for people: "memoire-2025.docx, § 3.2, p. 12".
    source = models.CharField("source", max_length=300, blank=True)
    imported_by = models.ForeignKey(
        LibraryImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="import"
    )
    #: Raised by every change: who edits an older version is told instead of overwriting.
    version = models.PositiveIntegerField("version", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    #: See `make_search_text`. `save` writes it; whoever writes rows without `save` writes it too.
    search_text = models.TextField(editable=False, default="")

    objects = ContentItemQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["company", "kind"])]
        verbose_name = "passage"

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the passage with what a search looks into."""
        self.search_text = make_search_text(self.title, self.body, self.tags)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def is_expired(self, *, today: date) -> bool:
        """Whether the last day has passed."""
        return self.valid_until is not None and self.valid_until < today
