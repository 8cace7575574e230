"""The page of a user's notifications. Views translate in, ask once, translate out."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from proposals.dashboard.notification_forms import PreferencesForm, ReadForm
from proposals.dashboard.security import SignedInRequest, private_page
from realtime import conf, notifications, preferences

PAGE_SIZE = 50


@private_page
@require_safe
def notification_list(request: SignedInRequest) -> HttpResponse:
    """Show what the user was told, newest first, and what the user wants to be told."""
    if request.user.company_id is None:
        return render(request, "proposals/no_company.html")
    only_unread = request.GET.get("unread") == "1"
    found = notifications.of_user(request.user.pk)
    context = {
        "page": Paginator(found.filter(read_at=None) if only_unread else found, PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "only_unread": only_unread,
        "unread_count": notifications.count_unread(request.user.pk),
        "form": PreferencesForm(initial=PreferencesForm.to_fields(preferences.read(request.user.pk))),
        "sends_email": conf.get("EMAIL_AFTER_MINUTES") > 0,
        "email_after_minutes": conf.get("EMAIL_AFTER_MINUTES"),
        "email_address": request.user.email,
    }
    return render(request, "proposals/notifications.html", context)


@private_page
@require_POST
def notification_read(request: SignedInRequest) -> HttpResponse:
    """Mark one notification, or all, as read; then show the list."""
    form = ReadForm(request.POST)
    if form.is_valid():
        notifications.mark_read(request.user.pk, form.ids)
    return redirect("notifications")


@private_page
@require_POST
def notification_preferences(request: SignedInRequest) -> HttpResponse:
    """Store what the user wants to be told."""
    form = PreferencesForm(request.POST)
    if form.is_valid():
        preferences.change(request.user.pk, form.preferences)
        messages.success(request, "Vos préférences sont enregistrées.")
    return redirect("notifications")
