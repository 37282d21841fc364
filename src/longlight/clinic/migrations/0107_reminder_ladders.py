import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0106_given_up_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReminderLadder',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinic.clinic')),
                ('reminders_h', models.JSONField(default=list)),
                ('channels', models.JSONField(default=list)),
                ('most_in_a_week', models.PositiveSmallIntegerField(null=True)),
                ('set_at', models.DateTimeField()),
                ('set_by_name', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ('-set_at',),
                'indexes': [models.Index(fields=['clinic', 'set_at'], name='ladders_of_a_clinic')],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['patient_id', 'queued_at'], name='messages_of_a_patient'),
        ),
    ]
