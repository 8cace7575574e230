"""Routes of the pages of a proposal's sections and plan."""

from __future__ import annotations

from django.urls import path

from proposals.dashboard import section_views

urlpatterns = [
    path("plan/", section_views.plan_page, name="plan-page"),
    path("sections/<uuid:section_id>/", section_views.section_page, name="section-page"),
    path("sections/<uuid:section_id>/panel/", section_views.section_panel, name="section-panel"),
]
