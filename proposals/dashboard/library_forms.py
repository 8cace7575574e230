"""Forms of the library's pages. What a passage may hold is decided by `proposals.library`, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Q

from proposals import library
from proposals.models import ContentItem, User

ORDERS = [("", "Titre"), ("updated", "Modifiés en dernier"), ("valid_until", "Échéance la plus proche")]
STATUSES = [("", "Tous"), ("current", "À jour"), ("soon", "À revoir sous 30 jours"), ("expired", "Périmés")]
KINDS = [("", "Toutes"), *ContentItem.Kind.choices]


if TYPE_CHECKING:
    UserChoiceField = forms.ModelChoiceField[User]
else:
    UserChoiceField = forms.ModelChoiceField


class OwnerField(UserChoiceField):
    """A colleague, by the name that pages show."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name of a colleague."""
        return obj.display_name


class LibraryFilterForm(forms.Form):
    """Search, filters and order of the list; anything unknown counts as not given."""

    q = forms.CharField(required=False, max_length=200, label="Rechercher")
    kind = forms.ChoiceField(required=False, choices=KINDS, label="Nature")
    tag = forms.CharField(required=False, max_length=library.MAX_TAG, label="Étiquette")
    status = forms.ChoiceField(required=False, choices=STATUSES, label="Validité")
    order = forms.ChoiceField(required=False, choices=ORDERS, label="Trier par")
    import_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def chosen(self, name: str) -> str:
        """Return what was asked for, or "" when nothing usable was."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list down."""
        return any(self.chosen(name) for name in ("q", "kind", "tag", "status", "import_id"))


class ImportForm(forms.Form):
    """What is said about all passages of the files to come; sent by the script, file by file."""

    kind = forms.ChoiceField(
        required=False, choices=[("", "D’après les titres"), *ContentItem.Kind.choices], label="Nature"
    )
    tags = forms.CharField(
        required=False, label="Étiquettes", help_text="Séparées par des virgules ; ajoutées à celles du fichier."
    )
    valid_until = forms.DateField(
        required=False,
        label="Valable jusqu’au",
        help_text="Pour les passages dont le fichier ne le dit pas.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ItemForm(forms.Form):
    """One passage. `version` is the one that the person read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=library.MAX_TITLE)
    kind = forms.ChoiceField(label="Nature", choices=ContentItem.Kind.choices, initial=ContentItem.Kind.OTHER)
    body = forms.CharField(
        label="Texte",
        max_length=library.MAX_BODY,
        help_text="En Markdown : **gras**, listes à tirets, tableaux, sous-titres à partir de ##.",
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
    )
    tags = forms.CharField(
        label="Étiquettes",
        required=False,
        help_text="Séparées par des virgules : voirie, site occupé, 2026.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label="Valable jusqu’au",
        required=False,
        help_text="Dernier jour où ce texte est vrai. Laissez vide s’il l’est toujours.",
        error_messages={"invalid": "Cette date n’existe pas."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    owner = OwnerField(
        label="Responsable",
        queryset=User.objects.none(),
        required=False,
        empty_label="Personne",
        help_text="Qui tient ce texte à jour.",
    )
    source = forms.CharField(
        label="Source",
        max_length=library.MAX_SOURCE,
        required=False,
        help_text="D’où vient ce texte : mémoire, page, attestation…",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.CharField(
        label="Langue",
        max_length=5,
        initial="fr",
        help_text="Code à deux lettres : fr, en…",
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 5}),
    )

    def __init__(self, *args: Any, user: User, item: ContentItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # A colleague who has left stays the owner until somebody says otherwise.
        keeps = Q(id=item.owner_id) if item and item.owner_id else Q()
        colleagues = User.objects.filter(company=user.company).filter(Q(is_active=True) | keeps)
        owner = cast("OwnerField", self.fields["owner"])
        owner.queryset = colleagues.order_by("first_name", "last_name", "username")

    @property
    def values(self) -> dict[str, Any]:
        """The checked values as `proposals.library` takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**values, "tags": values["tags"].split(",")}

    def show_faults(self, refused: library.InvalidItem) -> None:
        """Show what the library refused beside the fields that it is about."""
        for name, sentences in (refused.details or {}).items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def initial_values(item: ContentItem) -> dict[str, Any]:
    """Return what the form of a passage begins with."""
    return {
        "version": item.version,
        "title": item.title,
        "kind": item.kind,
        "body": item.body,
        "tags": ", ".join(item.tags),
        "valid_until": item.valid_until,
        "owner": item.owner_id,
        "source": item.source,
        "language": item.language,
    }
