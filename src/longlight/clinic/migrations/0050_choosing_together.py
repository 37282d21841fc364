"""What people bring of the decision aid, what is chosen together, and times that are asked for."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0070_appointment_plan'),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='goals',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='requestdesk',
            name='first_talks_with',
            field=models.ManyToManyField(related_name='+', to='clinic.resource'),
        ),
        migrations.CreateModel(
            name='BroughtChoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('answers', models.JSONField()),
                ('aid_version', models.CharField(max_length=16)),
                ('evidence_read_until', models.DateField()),
                ('brought_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brought_choices', to='clinic.clinic')),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brought_choices', to='clinic.patient')),
            ],
        ),
        migrations.AddField(
            model_name='referral',
            name='brought',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referral', to='clinic.broughtchoice'),
        ),
        migrations.CreateModel(
            name='RequestChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('was_contact_method', models.CharField(choices=[('phone', 'Phone call'), ('text', 'Text message'), ('email', 'E-mail'), ('none', 'None of these: I will call, or look by my link')], max_length=8)),
                ('was_contact_value', models.CharField(blank=True, max_length=254)),
                ('was_leave_message', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No, keep trying me')], max_length=4)),
                ('was_best_time', models.CharField(choices=[('any', 'Any time'), ('morning', 'Mornings'), ('afternoon', 'Afternoons'), ('evening', 'Evenings')], max_length=12)),
                ('was_start_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='clinic.referral')),
            ],
        ),
        migrations.CreateModel(
            name='SharedChoice',
            fields=[
                ('status', models.CharField(choices=[('final', 'final'), ('entered-in-error', 'entered-in-error')], default='final', editable=False, max_length=16)),
                ('correction_reason', models.CharField(blank=True, editable=False, max_length=400)),
                ('corrected_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('corrected_by_id', models.UUIDField(blank=True, editable=False, null=True)),
                ('corrected_by_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('occasion', models.CharField(choices=[('first', 'first'), ('again', 'again'), ('end', 'end'), ('other', 'other')], max_length=16)),
                ('course_id', models.UUIDField(null=True)),
                ('leaning', models.CharField(blank=True, choices=[('medicine', 'medicine'), ('talk-therapy', 'talk-therapy'), ('experience', 'experience'), ('other-treatments', 'other-treatments'), ('not-now', 'not-now'), ('open', 'open')], max_length=20)),
                ('chosen', models.CharField(choices=[('medicine', 'medicine'), ('talk-therapy', 'talk-therapy'), ('experience', 'experience'), ('other-treatments', 'other-treatments'), ('not-now', 'not-now'), ('open', 'open')], max_length=20)),
                ('matters', models.CharField(blank=True, max_length=1000)),
                ('asked', models.CharField(blank=True, max_length=1000)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('aid_version', models.CharField(max_length=16)),
                ('evidence_read_until', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by_id', models.UUIDField()),
                ('recorded_by_name', models.CharField(max_length=200)),
                ('brought', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='clinic.broughtchoice')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_choices', to='clinic.patient')),
                ('successor', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessor', to='clinic.sharedchoice')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['patient', 'recorded_at'], name='choices_of_a_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('corrected_at', None), ('correction_reason', ''), ('status', 'final'), ('successor', None)), models.Q(('corrected_at__isnull', False), ('status', 'entered-in-error'), models.Q(('correction_reason', ''), _negated=True)), _connector='OR'), name='sharedchoice_correction_says_why')],
            },
        ),
    ]
