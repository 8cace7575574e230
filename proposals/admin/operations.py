"""Operations: what runs, what failed and why, cancel and retry."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from proposals import operations
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.exceptions import ProposalsError
from proposals.models import Operation


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        "state",
        "bar",
        "project",
        "company",
        "attempt",
        "failure",
        "created_at",
        "duration",
    ]
    list_filter = ["status", "kind", "project__company"]
    list_select_related = ["project__company", "requested_by"]
    search_fields = ["id", "project__title", "project__reference", "requested_by__username", "project__company__name"]
    date_hierarchy = "created_at"
    actions = ["cancel", "retry"]
    fieldsets = [
        (None, {"fields": ["id", "project", "company", "kind", "requested_by", "idempotency_key"]}),
        ("Avancement", {"fields": ["state", "bar", "eta_seconds", "step_shown"]}),
        ("Issue", {"fields": ["error_shown", "result_shown"]}),
        ("Exécution", {"fields": ["attempt", "attempt_limit", "lease_until", "queued_at", "checkpoint_shown"]}),
        ("Dates", {"fields": ["created_at", "started_at", "finished_at", "duration"]}),
    ]

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whether the user may cancel and retry."""
        return request.user.has_perm("proposals.change_operation")

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, operation: Operation) -> str:
        return operation.project.company.name

    @admin.display(description="état", ordering="status")
    def state(self, operation: Operation) -> SafeString:
        return rendering.badge(operation.status, operation.get_status_display())

    @admin.display(description="avancement", ordering="progress")
    def bar(self, operation: Operation) -> SafeString:
        return rendering.progress_bar(operation.progress)

    @admin.display(description="cause", empty_value=rendering.NOTHING)
    def failure(self, operation: Operation) -> str | None:
        return operation.error["code"] if operation.error else None

    @admin.display(description="durée", empty_value=rendering.NOTHING)
    def duration(self, operation: Operation) -> str | None:
        if operation.started_at is None or operation.finished_at is None:
            return None
        return f"{(operation.finished_at - operation.started_at).total_seconds():.1f} s".replace(".", ",")

    @admin.display(description="dernière étape")
    def step_shown(self, operation: Operation) -> SafeString | str:
        return rendering.json_block(operation.step)

    @admin.display(description="erreur")
    def error_shown(self, operation: Operation) -> SafeString | str:
        return rendering.json_block(operation.error)

    @admin.display(description="résultat")
    def result_shown(self, operation: Operation) -> SafeString | str:
        return rendering.json_block(operation.result)

    @admin.display(description="point de reprise")
    def checkpoint_shown(self, operation: Operation) -> SafeString | str:
        return rendering.json_block(operation.checkpoint)

    @admin.action(description="Annuler les opérations sélectionnées", permissions=["steer"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Operation]) -> None:
        self._steer(request, queryset, operations.cancel)

    @admin.action(description="Relancer les opérations sélectionnées", permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Operation]) -> None:
        self._steer(request, queryset, operations.retry)

    def _steer(
        self, request: HttpRequest, queryset: QuerySet[Operation], act: Callable[[Operation], Operation]
    ) -> None:
        for operation in queryset.select_related("project"):
            name = f"{operation.get_kind_display()}, {operation.project}"
            try:
                changed = act(operation)
            except ProposalsError as error:
                self.message_user(request, f"{name} : {error.user_message}", messages.WARNING)
            else:
                self.message_user(request, f"{name} : {changed.get_status_display()}.", messages.SUCCESS)
