"""Companies and users."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from proposals.models import Company, User
from realtime import revocation


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "users_total", "projects_total", "created_at"]
    search_fields = ["name"]
    # Counting drops the order of the model, and only an ordered list can be cut into pages.
    ordering = ["name"]
    date_hierarchy = "created_at"
    readonly_fields = ["id", "created_at", "users_total", "projects_total"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        """Count users and projects with the rows."""
        rows: QuerySet[Company] = super().get_queryset(request)
        return rows.annotate(
            counted_users=Count("users", distinct=True), counted_projects=Count("projects", distinct=True)
        )

    def get_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        """A new company has no counts yet."""
        return ["name", *(self.readonly_fields if obj else [])]

    @admin.display(description="utilisateurs", ordering="counted_users")
    def users_total(self, company: Any) -> int:
        return int(company.counted_users)

    @admin.display(description="projets", ordering="counted_projects")
    def projects_total(self, company: Any) -> int:
        return int(company.counted_projects)


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "company", "role")


class UserEditForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class TenderwireUserAdmin(UserAdmin):  # type: ignore[type-arg]
    form = UserEditForm
    add_form = UserCreationForm
    list_display = ["username", "display_name", "email", "company", "role", "is_active", "is_superuser", "last_login"]
    list_filter = ["role", "is_active", "is_superuser", "company"]
    list_select_related = ["company"]
    search_fields = ["username", "first_name", "last_name", "email", "company__name"]
    autocomplete_fields = ["company"]
    date_hierarchy = "date_joined"
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Personne", {"fields": ("first_name", "last_name", "email")}),
        ("Entreprise", {"fields": ("company", "role")}),
        ("Droits", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Entreprise", {"fields": ("company", "role")}),
    )

    actions = ["sign_out_everywhere"]

    @admin.action(description="Déconnecter partout (pages, jetons, connexions ouvertes)", permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End what these users are signed in to; they may sign in again."""
        for user in queryset:
            user.sign_out_everywhere()
            self.log_change(request, user, "Déconnecté partout.")
        messages.success(request, f"Déconnectés partout : {', '.join(user.username for user in queryset)}.")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete several, and have their sockets closed."""
        super().delete_queryset(request, queryset)
        revocation.announce()

    @admin.display(description="nom", ordering="last_name")
    def display_name(self, user: User) -> str:
        return user.display_name
