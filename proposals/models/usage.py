"""What a language model used, per call: the base of costs and budgets."""

from __future__ import annotations

from django.db import models

from proposals.models.accounts import Company
from proposals.models.operations import Operation


class ModelUsage(models.Model):
    """Tokens and cost of one answer of a language model."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="usage", verbose_name="entreprise")
    operation = models.ForeignKey(
        Operation, on_delete=models.SET_NULL, null=True, related_name="usage", verbose_name="opération"
    )
    model = models.CharField("modèle", max_length=100)
    input_tokens = models.PositiveIntegerField("jetons lus", default=0)
    output_tokens = models.PositiveIntegerField("jetons écrits", default=0)
    cache_read_tokens = models.PositiveIntegerField("jetons relus du cache", default=0)
    cache_write_tokens = models.PositiveIntegerField("jetons mis en cache", default=0)
    cost_usd = models.DecimalField("coût (USD)", max_digits=12, decimal_places=6, default=0)
    request_id = models.CharField("requête", max_length=100, blank=True)
    created_at = models.DateTimeField("le")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["company", "created_at"])]
        verbose_name = "consommation"

    def __str__(self) -> str:
        return f"{self.model} {self.cost_usd} USD"
