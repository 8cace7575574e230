from django.apps import AppConfig
from django.core.checks import register

from realtime.checks import TAG, check_settings


class RealtimeConfig(AppConfig):
    """Delivery of events to browsers; knows nothing of tenders."""

    name = "realtime"
    verbose_name = "Temps réel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks at start."""
        register(check_settings, TAG)
