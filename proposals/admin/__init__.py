"""
The Django admin, for the people who run an installation: the only place where all companies are seen.

Changes go through the use cases; rows that runs write are read-only.
"""

from django.contrib import admin
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from proposals.admin import accounts, generated, library, matches, operations, outputs, projects, sections, usage

__all__ = ["accounts", "generated", "library", "matches", "operations", "outputs", "projects", "sections", "usage"]

admin.site.site_header = "Tenderwire — administration"
admin.site.site_title = "Tenderwire"
admin.site.index_title = "Entreprises, projets et opérations"

# They show refresh tokens in full: whoever reads one is that user for two weeks.
admin.site.unregister([OutstandingToken, BlacklistedToken])
