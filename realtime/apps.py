from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Delivery of events to browsers; knows nothing of tenders."""

    name = "realtime"
    verbose_name = "Temps réel"
    default_auto_field = "django.db.models.BigAutoField"
