from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Tenders, companies and the four long operations on a project."""

    name = "proposals"
    verbose_name = "Réponses aux appels d'offres"
    default_auto_field = "django.db.models.BigAutoField"
