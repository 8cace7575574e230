from django.db import migrations, models
from django.db.models import Min


def find_floors(apps, schema_editor):
    """A log that was pruned before has its first event above 1, or none left."""
    topics = apps.get_model("realtime", "Topic").objects
    for topic in topics.annotate(first=Min("events__sequence")).iterator():
        floor = topic.head if topic.first is None else topic.first - 1
        topics.filter(name=topic.name).update(floor=floor)


class Migration(migrations.Migration):

    dependencies = [
        ("realtime", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="floor",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunPython(find_floors, migrations.RunPython.noop),
    ]
