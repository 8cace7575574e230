"""What language models cost, call by call, for all companies."""

from __future__ import annotations

from django.contrib import admin

from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import ModelUsage


@admin.register(ModelUsage)
class ModelUsageAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at",
        "company",
        "kind",
        "model",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "cost_usd",
    ]
    list_filter = ["company", "model", "operation__kind"]
    list_select_related = ["company", "operation"]
    search_fields = ["request_id", "operation__id", "company__name"]
    date_hierarchy = "created_at"

    @admin.display(description="nature", ordering="operation__kind")
    def kind(self, usage: ModelUsage) -> str:
        return usage.operation.get_kind_display() if usage.operation else "–"
