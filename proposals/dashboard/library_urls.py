"""Routes of the library's pages."""

from __future__ import annotations

from django.urls import path

from proposals.dashboard import library_views

urlpatterns = [
    path("", library_views.item_list, name="library"),
    path("new/", library_views.item_create, name="library-item-create"),
    path("import/", library_views.import_page, name="library-import"),
    path("preview/", library_views.preview, name="library-preview"),
    path("<uuid:item_id>/", library_views.item_page, name="library-item"),
    path("<uuid:item_id>/edit/", library_views.item_edit, name="library-item-edit"),
    path("<uuid:item_id>/delete/", library_views.item_delete, name="library-item-delete"),
]
