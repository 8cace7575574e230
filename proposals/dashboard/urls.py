"""Routes of the pages."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from proposals.dashboard import notification_views, views

urlpatterns = [
    path("", views.project_list, name="project-list"),
    path("connexion/", views.log_in, name="login"),
    path("deconnexion/", LogoutView.as_view(), name="logout"),
    path("library/", include("proposals.dashboard.library_urls")),
    path("notifications/", notification_views.notification_list, name="notifications"),
    path("notifications/read/", notification_views.notification_read, name="notification-read"),
    path("notifications/preferences/", notification_views.notification_preferences, name="notification-preferences"),
    path("projects/new/", views.project_create, name="project-create"),
    path("projects/<uuid:project_id>/", views.project_page, name="project-page"),
    path("projects/<uuid:project_id>/edit/", views.project_edit, name="project-edit"),
    path("projects/<uuid:project_id>/", include("proposals.dashboard.section_urls")),
    path("projects/<uuid:project_id>/analysis-panel/", views.analysis_panel, name="analysis-panel"),
    path("projects/<uuid:project_id>/pipeline-panel/", views.pipeline_panel, name="pipeline-panel"),
    path("projects/<uuid:project_id>/matrix-panel/", views.matrix_panel, name="matrix-panel"),
    path("projects/<uuid:project_id>/matrix-panel/<uuid:requirement_id>/", views.matrix_row, name="matrix-row"),
    path(
        "projects/<uuid:project_id>/matrix-panel/<uuid:requirement_id>/passages/",
        views.passage_picker,
        name="passage-picker",
    ),
    path("projects/<uuid:project_id>/outline-panel/", views.outline_panel, name="outline-panel"),
    path("projects/<uuid:project_id>/outputs-panel/", views.outputs_panel, name="outputs-panel"),
    path("projects/<uuid:project_id>/documents-panel/", views.documents_panel, name="documents-panel"),
    path("projects/<uuid:project_id>/documents/<uuid:document_id>/", views.document_file, name="document-file"),
]
