
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0022_followup_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('instrument_id', models.CharField(max_length=40)),
                ('instrument_version', models.CharField(max_length=40)),
                ('language', models.CharField(max_length=8)),
                ('toml', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('licence_line', models.TextField()),
                ('reference', models.CharField(max_length=400)),
                ('granted_by', models.CharField(max_length=200)),
                ('granted_on', models.DateField()),
                ('expires_on', models.DateField(null=True)),
                ('confirmed_by', models.CharField(max_length=200)),
                ('added_at', models.DateTimeField()),
                ('added_by_name', models.CharField(max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ('instrument_id', 'added_at'),
            },
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='chosen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='site_text_id',
            field=models.UUIDField(null=True),
        ),
    ]
