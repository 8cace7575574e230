"""
What was said on a topic, when, and in which words, and what users were told: to read. Tickets are nobody's business.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from realtime.models import Event, Notification, NotificationPreference, Topic

#: Fields of a body that the other columns show, or that are the same on all lines.
ENVELOPE = {"type", "sequence", "project_id", "operation_id", "attempt", "timestamp"}
EXCERPT_LENGTH = 200


class LogAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shown, searched, never changed."""

    # Counting a log of millions of rows to say "of n" costs more than the page.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Topic)
class TopicAdmin(LogAdmin):
    list_display = ["subject", "position", "numbering", "events"]
    search_fields = ["name"]
    fields = ["subject", "numbering", "position", "events"]

    @admin.display(description="sujet", ordering="name")
    def subject(self, topic: Topic) -> str:
        return topic.name

    @admin.display(description="dernier numéro", ordering="head")
    def position(self, topic: Topic) -> int:
        return topic.head

    @admin.display(description="numérotation")
    def numbering(self, topic: Topic) -> str:
        return topic.epoch

    @admin.display(description="événements")
    def events(self, topic: Topic) -> SafeString:
        address = f"{reverse('admin:realtime_event_changelist')}?{urlencode({'q': topic.name})}"
        return format_html('<a href="{}">Voir</a>', address)


@admin.register(Event)
class EventAdmin(LogAdmin):
    list_display = ["subject", "number", "type", "instant", "excerpt"]
    list_filter = ["type"]
    search_fields = ["topic__name"]
    date_hierarchy = "created_at"
    ordering = ["-id"]
    fields = ["subject", "number", "type", "instant", "readable_body"]

    @admin.display(description="sujet", ordering="topic_id")
    def subject(self, event: Event) -> str:
        return event.topic_id

    @admin.display(description="numéro", ordering="sequence")
    def number(self, event: Event) -> int:
        return event.sequence

    @admin.display(description="instant", ordering="created_at")
    def instant(self, event: Event) -> str:
        return timezone.localtime(event.created_at).isoformat(sep=" ", timespec="milliseconds")

    @admin.display(description="contenu")
    def excerpt(self, event: Event) -> str:
        fields = {name: value for name, value in json.loads(event.body).items() if name not in ENVELOPE}
        text = json.dumps(fields, ensure_ascii=False)
        return text if len(text) <= EXCERPT_LENGTH else f"{text[: EXCERPT_LENGTH - 1]}…"

    @admin.display(description="contenu")
    def readable_body(self, event: Event) -> SafeString:
        text = json.dumps(json.loads(event.body), ensure_ascii=False, indent=2)
        return format_html('<pre style="white-space:pre-wrap;margin:0">{}</pre>', text)


class ToldAdmin(LogAdmin):
    """What belongs to a user: it stays by itself, and goes with the user."""

    list_select_related = ["user"]
    search_fields = ["user__username"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only for the pages that delete users: they ask about everything that would go along."""
        page = request.resolver_match
        return page is not None and not (page.url_name or "").startswith(f"realtime_{self.opts.model_name}_")


@admin.register(Notification)
class NotificationAdmin(ToldAdmin):
    list_display = ["created_at", "user", "kind", "title", "read_at", "emailed_at"]
    list_filter = ["kind"]
    search_fields = ["user__username", "title", "text"]
    date_hierarchy = "created_at"
    fields = [
        "user",
        "kind",
        "title",
        "text",
        "url",
        "project_id",
        "operation_id",
        "created_at",
        "read_at",
        "emailed_at",
        "email_refusals",
    ]


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(ToldAdmin):
    list_display = ["user", "kind", "enabled", "email"]
    list_filter = ["kind", "enabled", "email"]
