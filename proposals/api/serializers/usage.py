"""What language models cost the caller's company."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from proposals import engine_choice
from proposals.models import Operation
from proposals.usage import MonthUsage


class KindUsageSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=Operation.Kind.choices, allow_null=True, help_text="Null pour les opérations supprimées."
    )
    calls_total = serializers.IntegerField(help_text="Appels au modèle, interrompus compris.")
    input_tokens = serializers.IntegerField(help_text="Jetons lus au prix plein.")
    output_tokens = serializers.IntegerField(help_text="Jetons écrits.")
    cache_read_tokens = serializers.IntegerField(help_text="Jetons relus du cache.")
    cache_write_tokens = serializers.IntegerField(help_text="Jetons mis en cache.")
    cost_usd = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="En dollars des États-Unis.")


class MonthUsageSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="Premier jour du mois.")
    offline = serializers.SerializerMethodField(
        help_text="Vrai quand aucun modèle n'est appelé : le moteur hors ligne travaille."
    )
    spent_usd = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="Dépense du mois.")
    budget_usd = serializers.DecimalField(
        max_digits=14, decimal_places=6, allow_null=True, help_text="Budget du mois ; null : sans limite."
    )
    remaining_usd = serializers.DecimalField(
        max_digits=14, decimal_places=6, allow_null=True, help_text="Reste du budget ; null : sans limite."
    )
    kinds = KindUsageSerializer(many=True, help_text="Par nature d'opération, la plus chère d'abord.")

    def get_offline(self, month: MonthUsage) -> bool:
        """Whether the offline engine works."""
        return engine_choice.is_offline()
