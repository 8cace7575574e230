"""Forms of the page of notifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import forms
from django.forms import BoundField

from realtime.models import NotificationKind
from realtime.notifications import Read
from realtime.preferences import Preference

ABOUT = {
    NotificationKind.COMPLETION: ("Opérations terminées", "Une opération s’est bien terminée."),
    NotificationKind.ERROR: ("Échecs", "Une opération a échoué ; relancer peut suffire."),
    NotificationKind.ATTENTION: ("À faire", "Quelqu’un doit vérifier, compléter ou corriger."),
}
CHANNELS = {"enabled": "Me prévenir", "email": "Aussi par courriel"}


class PreferencesForm(forms.Form):
    """A box for each kind of notification and each way to be told."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for kind, (title, _) in ABOUT.items():
            for channel, label in CHANNELS.items():
                self.fields[f"{kind.value}_{channel}"] = forms.BooleanField(
                    required=False, label=f"{title} : {label.lower()}"
                )

    @staticmethod
    def to_fields(preferences: Mapping[str, Preference]) -> dict[str, object]:
        """Return preferences as this form's values."""
        return {f"{kind}_{channel}": value for kind, choice in preferences.items() for channel, value in choice.items()}

    @property
    def rows(self) -> Iterator[tuple[str, str, BoundField, BoundField]]:
        """Title, explanation and the two boxes of each kind."""
        for kind, (title, text) in ABOUT.items():
            yield title, text, self[f"{kind.value}_enabled"], self[f"{kind.value}_email"]

    @property
    def preferences(self) -> dict[str, dict[str, bool]]:
        """What was chosen, by kind."""
        return {
            kind.value: {channel: bool(self.cleaned_data[f"{kind.value}_{channel}"]) for channel in CHANNELS}
            for kind in ABOUT
        }


class ReadForm(forms.Form):
    """Which notification was read; all of them when none is named."""

    notification_id = forms.UUIDField(required=False)

    @property
    def ids(self) -> Read:
        """The ids, or "all"."""
        chosen = self.cleaned_data["notification_id"]
        return [chosen] if chosen else "all"
