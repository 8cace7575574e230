from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('realtime', '0003_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='RevokedSignIn',
            fields=[
                ('sid', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'session révoquée',
            },
        ),
        migrations.AddField(
            model_name='ticket',
            name='sid',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        # A ticket that was issued before opens nothing any more.
        migrations.AddField(
            model_name='ticket',
            name='auth_hash',
            field=models.CharField(default='', max_length=100),
            preserve_default=False,
        ),
    ]
