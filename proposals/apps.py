from django.apps import AppConfig
from django.core.checks import register

from proposals.checks import TAG, check_models, check_settings


class ProposalsConfig(AppConfig):
    """Tenders, companies and the four long operations on a project."""

    name = "proposals"
    verbose_name = "Réponses aux appels d'offres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks at start."""
        register(check_settings, TAG)
        register(check_models, TAG, deploy=True)
