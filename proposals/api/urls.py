"""The addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.utils import extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from proposals.api.schema import errors
from proposals.api.views import (
    accounts,
    analyses,
    documents,
    events,
    generated,
    library,
    live_notifications,
    matches,
    notifications,
    operations,
    projects,
    requirements,
    sections,
    tokens,
    usage,
)
from proposals.api.views.unknown import UnknownAddress
from realtime.api import TicketSerializer, TicketView

app_name = "api"

#: `realtime` does not know the error format of this API.
DocumentedTicketView = extend_schema_view(post=extend_schema(responses={201: TicketSerializer, **errors()}))(TicketView)

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", tokens.ObtainToken.as_view(), name="token-obtain"),
    path("auth/token/refresh/", tokens.RefreshTokenView.as_view(), name="token-refresh"),
    path("auth/token/verify/", tokens.VerifyToken.as_view(), name="token-verify"),
    path("auth/token/blacklist/", tokens.BlacklistToken.as_view(), name="token-blacklist"),
    path("me/", accounts.Me.as_view(), name="me"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<uuid:project_id>/", projects.ProjectDetail.as_view(), name="project-detail"),
    path("projects/<uuid:project_id>/archive/", projects.ArchiveProject.as_view(), name="project-archive"),
    path("projects/<uuid:project_id>/unarchive/", projects.UnarchiveProject.as_view(), name="project-unarchive"),
    path("projects/<uuid:project_id>/documents/", documents.DocumentList.as_view(), name="document-list"),
    path("documents/<uuid:document_id>/download/", documents.DocumentDownload.as_view(), name="document-download"),
    path("projects/<uuid:project_id>/operations/", operations.OperationList.as_view(), name="operation-list"),
    path("projects/<uuid:project_id>/run/", operations.RunEverything.as_view(), name="project-run"),
    path("operations/<uuid:operation_id>/", operations.OperationDetail.as_view(), name="operation-detail"),
    path("operations/<uuid:operation_id>/cancel/", operations.CancelOperation.as_view(), name="operation-cancel"),
    path("operations/<uuid:operation_id>/retry/", operations.RetryOperation.as_view(), name="operation-retry"),
    path("projects/<uuid:project_id>/events/", events.ProjectEvents.as_view(), name="project-events"),
    path("projects/<uuid:project_id>/events/stream", events.ProjectStream.as_view(), name="project-stream"),
    path("projects/<uuid:project_id>/state/", events.ProjectState.as_view(), name="project-state"),
    path("projects/<uuid:project_id>/commands/", events.ProjectCommands.as_view(), name="project-commands"),
    path("projects/<uuid:project_id>/analysis/", analyses.LatestAnalysis.as_view(), name="project-analysis"),
    path("projects/<uuid:project_id>/requirements/", requirements.RequirementList.as_view(), name="requirement-list"),
    path(
        "projects/<uuid:project_id>/requirements/approve/",
        requirements.ApproveRequirements.as_view(),
        name="requirement-list-approve",
    ),
    path("requirements/<uuid:requirement_id>/", requirements.RequirementDetail.as_view(), name="requirement-detail"),
    path(
        "requirements/<uuid:requirement_id>/approve/",
        requirements.ApproveRequirement.as_view(),
        name="requirement-approve",
    ),
    path(
        "requirements/<uuid:requirement_id>/reject/",
        requirements.RejectRequirement.as_view(),
        name="requirement-reject",
    ),
    path("projects/<uuid:project_id>/matches/", matches.MatchList.as_view(), name="match-list"),
    path("projects/<uuid:project_id>/gaps/", matches.GapList.as_view(), name="gap-list"),
    path("matches/<uuid:match_id>/accept/", matches.AcceptMatch.as_view(), name="match-accept"),
    path("matches/<uuid:match_id>/reject/", matches.RejectMatch.as_view(), name="match-reject"),
    path("matches/<uuid:match_id>/reset/", matches.ResetMatch.as_view(), name="match-reset"),
    path("requirements/<uuid:requirement_id>/matches/", matches.AttachMatch.as_view(), name="requirement-match-attach"),
    path("projects/<uuid:project_id>/sections/", sections.SectionList.as_view(), name="section-list"),
    path("projects/<uuid:project_id>/plan/", sections.Plan.as_view(), name="project-plan"),
    path("projects/<uuid:project_id>/plan/propose/", sections.ProposePlan.as_view(), name="project-plan-propose"),
    path("projects/<uuid:project_id>/todo/", sections.ToDoList.as_view(), name="project-todo"),
    path("sections/<uuid:section_id>/", sections.SectionDetail.as_view(), name="section-detail"),
    path("sections/<uuid:section_id>/lock/", sections.LockSection.as_view(), name="section-lock"),
    path("sections/<uuid:section_id>/unlock/", sections.UnlockSection.as_view(), name="section-unlock"),
    path("sections/<uuid:section_id>/versions/", sections.VersionList.as_view(), name="version-list"),
    path("sections/<uuid:section_id>/versions/<int:number>/", sections.VersionDetail.as_view(), name="version-detail"),
    path(
        "sections/<uuid:section_id>/versions/<int:number>/restore/",
        sections.RestoreVersion.as_view(),
        name="version-restore",
    ),
    path("sections/<uuid:section_id>/diff/", sections.SectionDifference.as_view(), name="section-difference"),
    path("library/items/", library.ItemList.as_view(), name="library-item-list"),
    path("library/items/<uuid:item_id>/", library.ItemDetail.as_view(), name="library-item-detail"),
    path("library/imports/", library.ImportList.as_view(), name="library-import-list"),
    path("library/imports/<uuid:import_id>/", library.ImportDetail.as_view(), name="library-import-detail"),
    path("library/export/", library.Export.as_view(), name="library-export"),
    path("library/tags/", library.TagList.as_view(), name="library-tags"),
    path("projects/<uuid:project_id>/generated/", generated.ProductionList.as_view(), name="generated-list"),
    path("generated/<uuid:generated_id>/download/", generated.GeneratedDownload.as_view(), name="generated-download"),
    path("usage/", usage.CompanyUsage.as_view(), name="usage"),
    path("notifications/", notifications.NotificationList.as_view(), name="notification-list"),
    path("notifications/events/", live_notifications.NotificationEvents.as_view(), name="notification-events"),
    path("notifications/stream", live_notifications.NotificationStream.as_view(), name="notification-stream"),
    path("notifications/state/", live_notifications.NotificationState.as_view(), name="notification-state"),
    path("notifications/commands/", live_notifications.NotificationCommands.as_view(), name="notification-commands"),
    path("notifications/read/", notifications.ReadNotifications.as_view(), name="notification-read"),
    path(
        "notifications/preferences/",
        notifications.NotificationPreferences.as_view(),
        name="notification-preferences",
    ),
    path("realtime/tickets/", DocumentedTicketView.as_view(), name="ticket"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.*$", UnknownAddress.as_view()),
]
