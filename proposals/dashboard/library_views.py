"""The pages of the content library. Views translate in, ask once, translate out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals import imports, library
from proposals.dashboard import library_conflict, library_listing, library_past, library_queries, markdown
from proposals.dashboard.library_forms import ImportForm, ItemForm, LibraryFilterForm, initial_values
from proposals.dashboard.library_validity import describe_validity
from proposals.dashboard.security import SignedInRequest, private_page
from proposals.models import ContentItem


@private_page
@require_safe
def item_list(request: SignedInRequest) -> HttpResponse:
    """Show the company's passages; to a superuser, who has no company, where the administration is."""
    if request.user.company_id is None:
        return render(request, "proposals/no_company.html")
    form, today = LibraryFilterForm(request.GET), timezone.localdate()
    found = library_listing.find_items(form, user=request.user, today=today)
    chosen = Paginator(found, library_listing.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": chosen,
        "rows": library_listing.list_rows(chosen, text=form.chosen("q"), today=today),
        "totals": library_queries.count_items(user=request.user, today=today),
        "tags": library.tags(request.user),
        "chosen_import": library_listing.find_import(form, user=request.user),
    }
    return render(request, "proposals/library/list.html", context)


@private_page
@require_safe
def item_page(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Show one passage as it will read."""
    item = library_queries.get_item(user=request.user, item_id=item_id)
    context = {
        "item": item,
        "body": markdown.render(item.body),
        "validity": describe_validity(item.valid_until, today=timezone.localdate()),
    }
    return render(request, "proposals/library/item.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def item_create(request: SignedInRequest) -> HttpResponse:
    """Add a passage to the user's company."""
    company = request.user.company
    if company is None:
        return render(request, "proposals/no_company.html")
    form = ItemForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            item = library.create(company=company, by=request.user, fields=form.values)
        except library.InvalidItem as refused:
            form.show_faults(refused)
        else:
            messages.success(request, "Passage ajouté à la bibliothèque.")
            return redirect("library-item", item.id)
    return _show_form(request, form)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Edit a passage; whoever saves second sees both texts and decides."""
    item = library_queries.find_item(user=request.user, item_id=item_id)
    if item is None:
        if request.method == "POST":
            return _keep_what_was_written(request)
        raise Http404
    form = ItemForm(request.POST or None, initial=initial_values(item), user=request.user, item=item)
    if not form.is_valid():
        return _show_form(request, form, item=item)
    return _save(request, form, item)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def item_delete(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Ask, then delete a passage."""
    item = library_queries.get_item(user=request.user, item_id=item_id)
    if request.method == "POST":
        library.delete(item)
        messages.success(request, f"« {item.title} » a été supprimé.")
        return redirect("library")
    context = {"item": item, "matches_total": library_queries.count_matches(item)}
    return render(request, "proposals/library/delete.html", context)


@private_page
@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """Return the text that is being written as it will read."""
    body = markdown.render(request.POST.get("body", "")[: library.MAX_BODY])
    return render(request, "proposals/fragments/library_preview.html", {"body": body})


@private_page
@require_safe
def import_page(request: SignedInRequest) -> HttpResponse:
    """Take files in, and show what became of earlier ones."""
    if request.user.company_id is None:
        return render(request, "proposals/no_company.html")
    context = {
        "form": ImportForm(),
        "suffixes": imports.SUFFIXES,
        "max_bytes": settings.PROPOSALS_MAX_UPLOAD_BYTES,
        "max_megabytes": settings.PROPOSALS_MAX_UPLOAD_BYTES // (1024 * 1024),
        "rows": library_past.list_rows(library_queries.list_imports(request.user), now=timezone.now()),
    }
    return render(request, "proposals/library/import.html", context)


def _save(request: SignedInRequest, form: ItemForm, item: ContentItem) -> HttpResponse:
    """Store what was written, unless somebody else was first or it may not be."""
    try:
        library.edit(item, fields=form.values, version=form.cleaned_data["version"] or 0, by=request.user)
    except library.InvalidItem as refused:
        form.show_faults(refused)
        return _show_form(request, form, item=item)
    except library.ItemChanged as changed:
        return _show_conflict(request, changed.item)
    except library.ItemGone:
        return _keep_what_was_written(request)
    messages.success(request, "Passage enregistré.")
    return redirect("library-item", item.id)


def _show_conflict(request: SignedInRequest, item: ContentItem) -> HttpResponse:
    """Show both texts; saving once more replaces the one that is stored now, knowingly."""
    written = request.POST.copy()
    written["version"] = str(item.version)
    form = ItemForm(written, user=request.user, item=item)
    found = library_conflict.compare(form, item)
    return _show_form(request, form, item=item, differences=found, status=409)


def _keep_what_was_written(request: SignedInRequest) -> HttpResponse:
    """The passage is gone, or never was one of this company: the text can be added as a new one."""
    return _show_form(request, ItemForm(request.POST, user=request.user), is_gone=True, status=404)


def _show_form(
    request: SignedInRequest, form: ItemForm, *, item: ContentItem | None = None, status: int = 200, **notices: Any
) -> HttpResponse:
    context = {
        "form": form,
        "item": item,
        "heading": "Modifier le passage" if item else "Nouveau passage",
        "action": reverse("library-item-edit", args=[item.id]) if item else reverse("library-item-create"),
        "back": reverse("library-item", args=[item.id]) if item else reverse("library"),
        **notices,
    }
    return render(request, "proposals/library/form.html", context, status=status)
