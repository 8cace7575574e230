"""Forms of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from proposals.models import Project

if TYPE_CHECKING:
    ProjectModelForm = forms.ModelForm[Project]
else:
    ProjectModelForm = forms.ModelForm


class LoginForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "Identifiant ou mot de passe incorrect.",
        "inactive": "Ce compte est désactivé.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Identifiant"


class ProjectFilterForm(forms.Form):
    """Search and state of the list of projects; anything unknown counts as the default."""

    STATUSES = [
        (Project.Status.ACTIVE.value, "En cours"),
        (Project.Status.ARCHIVED.value, "Archivés"),
        ("all", "Tous"),
    ]

    q = forms.CharField(
        required=False, max_length=200, label="Rechercher", widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(required=False, choices=STATUSES, label="État")

    @property
    def search(self) -> str:
        """The words to look for."""
        return str(self.cleaned_data.get("q") or "") if self.is_valid() else ""

    @property
    def chosen_status(self) -> str:
        """One of `Project.Status`, or "" for all."""
        chosen = str(self.cleaned_data.get("status") or "") if self.is_valid() else ""
        return "" if chosen == "all" else chosen or Project.Status.ACTIVE.value


class ProjectForm(ProjectModelForm):
    """Create or edit a project."""

    class Meta:
        model = Project
        fields = ["title", "buyer", "reference", "deadline", "status"]
        labels = {
            "title": "Titre du projet",
            "buyer": "Acheteur",
            "reference": "Référence de la consultation",
            "deadline": "Date et heure limites de remise",
            "status": "État",
        }
        help_texts = {
            "title": "Le nom sous lequel votre équipe parle de cette consultation.",
            "deadline": "Heure de Paris. Laissez vide : l’analyse du RC la remplira.",
        }
        widgets = {
            "title": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "buyer": forms.TextInput(attrs={"autocomplete": "off"}),
            "reference": forms.TextInput(attrs={"autocomplete": "off"}),
            "deadline": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["status"]

    @property
    def changed_fields(self) -> dict[str, Any]:
        """The checked values of what the person changed: what an analysis filled in meanwhile is not written over."""
        return {name: self.cleaned_data[name] for name in self.changed_data}
