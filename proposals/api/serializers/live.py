"""What stands in for the socket over HTTP: events, state, commands."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class EventsQuerySerializer(serializers.Serializer[Any]):
    since = serializers.IntegerField(
        min_value=0, max_value=2**63 - 1, default=0, help_text="Numéro du dernier événement connu."
    )
    epoch = serializers.CharField(max_length=16, required=False, help_text="Sa numérotation.")
    limit = serializers.IntegerField(min_value=1, required=False)
    wait = serializers.FloatField(
        min_value=0,
        required=False,
        help_text="Avec `since` : attendre un événement suivant, au plus ce nombre de secondes (55 au maximum).",
    )


class EventsSerializer(serializers.Serializer[Any]):
    epoch = serializers.CharField(help_text="Numérotation en cours ; une autre rend `since` sans valeur.")
    head = serializers.IntegerField(help_text="Numéro du dernier événement.")
    complete = serializers.BooleanField(
        help_text="Faux : des événements manquent (purgés, ou autre numérotation) ; relisez l'état."
    )
    events = serializers.ListField(
        child=serializers.DictField(), help_text="Les événements comme sur le WebSocket, du plus ancien au plus récent."
    )


class ProjectStateSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="Numéro de l'événement après lequel l'état est celui-ci.")
    epoch = serializers.CharField(help_text="Numérotation en cours.")
    operations = serializers.ListField(
        child=serializers.DictField(), help_text="La dernière opération de chaque nature, comme dans `snapshot`."
    )
    sections = serializers.ListField(
        child=serializers.DictField(), help_text="Les sections du mémoire dans l'ordre, comme dans `snapshot`."
    )


class NotificationStateSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="Numéro de l'événement après lequel l'état est celui-ci.")
    epoch = serializers.CharField(help_text="Numérotation en cours.")
    unread_count = serializers.IntegerField(help_text="Toutes les non lues, montrées ici ou non.")
    notifications = serializers.ListField(
        child=serializers.DictField(), help_text="Les dernières, la plus récente d'abord, comme dans `snapshot`."
    )


class NotificationCommandSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="`read` ou `status`.")
    id = serializers.JSONField(required=False, help_text="Texte court ou entier, rendu dans la réponse.")
    notification_ids = serializers.JSONField(required=False, help_text="Pour `read` : identifiants, ou `all`.")


class CommandSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="La commande.")
    id = serializers.JSONField(required=False, help_text="Texte court ou entier, rendu dans la réponse.")
    operation_id = serializers.UUIDField(required=False, help_text="Pour `cancel` et `retry`.")


class ReplyErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Code stable.")
    message = serializers.CharField(help_text="Phrase.")


class ReplySerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="`reply`.")
    id = serializers.JSONField(allow_null=True, help_text="Celui de la commande.")
    ok = serializers.BooleanField(help_text="Vrai : c'est fait.")
    result = serializers.DictField(required=False, help_text="Si `ok` : ce qu'il en est.")
    error = ReplyErrorSerializer(required=False, help_text="Sinon : pourquoi.")
