
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0061_chair_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='safetypolicy',
            name='on_call',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='kind',
            field=models.CharField(choices=[('raised', 'raised'), ('answer-changed', 'answer-changed'), ('claimed', 'claimed'), ('contact', 'contact'), ('outcome', 'outcome'), ('escalated', 'escalated'), ('told', 'told'), ('not-told', 'not-told')], max_length=16),
        ),
        migrations.CreateModel(
            name='DutyHours',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('weekday', models.PositiveSmallIntegerField()),
                ('begins_at', models.TimeField()),
                ('ends_at', models.TimeField()),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_hours', to='clinic.clinic')),
            ],
            options={
                'ordering': ('weekday', 'begins_at'),
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='duty_ends_after_it_begins'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('clinic', 'account', 'weekday', 'begins_at', 'ends_at'), name='one_duty_a_stretch')],
            },
        ),
    ]
