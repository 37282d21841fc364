"""When questionnaires go out: plans, what they count from, rules that staff add, windows and times, calls, preferences."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from longlight.clinic.migrations._at_once import EmptyColumns, MadeAtOnce
from longlight.clinic.migrations._guards import lifted, never_deleted


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0081_patients_with_account'),
    ]

    operations = [
        lifted('clinic_dueassessment'),
        MadeAtOnce([
        migrations.CreateModel(
            name='AddedRule',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinic.clinic')),
                ('patient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='added_rules', to='clinic.patient')),
                ('schedule_id', models.CharField(max_length=64)),
                ('schedule_version', models.CharField(max_length=16)),
                ('instrument_id', models.CharField(max_length=40)),
                ('every_days', models.PositiveSmallIntegerField(null=True)),
                ('added_at', models.DateTimeField()),
                ('added_by_name', models.CharField(max_length=200)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_by_name', models.CharField(blank=True, max_length=200)),
                ('stop_reason', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ('added_at',),
            },
        ),
        migrations.CreateModel(
            name='ContactPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contact_preference', to='clinic.patient')),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'sms'), ('none', 'none')], max_length=8)),
                ('quiet_from', models.TimeField()),
                ('quiet_until', models.TimeField()),
                ('set_at', models.DateTimeField()),
                ('set_by_name', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='HandEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='by_hand', to='clinic.assessment')),
                ('way', models.CharField(choices=[('with-patient', 'with-patient'), ('paper', 'paper'), ('rating', 'rating')], max_length=16)),
                ('typed_at', models.DateTimeField()),
                ('typed_by_id', models.UUIDField()),
                ('typed_by_name', models.CharField(max_length=200)),
                ('rated_by_name', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='PatientCall',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='clinic.patient')),
                ('at', models.DateTimeField()),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=200)),
                ('outcome', models.CharField(choices=[('reached', 'reached'), ('no-answer', 'no-answer'), ('left-message', 'left-message'), ('wants-none', 'wants-none')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='QuestionnairePlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questionnaire_plans', to='clinic.patient')),
                ('course_id', models.UUIDField(null=True, unique=True)),
                ('protocol_id', models.CharField(blank=True, max_length=64)),
                ('protocol_version', models.CharField(blank=True, max_length=16)),
                ('start_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('is_running', models.BooleanField(default=True)),
                ('look_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PlanOccasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occasions', to='clinic.questionnaireplan')),
                ('source_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('start', 'start'), ('dose', 'dose'), ('check-in', 'check-in')], max_length=12)),
                ('on', models.DateField()),
                ('phase_id', models.CharField(blank=True, max_length=64)),
                ('given_at', models.DateTimeField(null=True)),
                ('stands', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'source_id'), name='one_occasion_a_session')],
            },
        ),
        migrations.CreateModel(
            name='RuleStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_stops', to='clinic.patient')),
                ('rule_id', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=200)),
                ('reason', models.CharField(max_length=400)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddIndex(
            model_name='questionnaireplan',
            index=models.Index(fields=['look_at'], name='questionnaire_plans_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='questionnaireplan',
            constraint=models.UniqueConstraint(condition=models.Q(('is_running', True)), fields=('patient',), name='one_running_questionnaire_plan'),
        ),
        migrations.AddConstraint(
            model_name='rulestop',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('patient', 'rule_id'), name='one_standing_stop_a_rule'),
        ),
        ]),
        migrations.RemoveConstraint(
            model_name='dueassessment',
            name='one_check_in_a_day',
        ),
        EmptyColumns([
        migrations.AddField(
            model_name='dueassessment',
            name='act_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='answered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='closes_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='dropped_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='opened_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='opens_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='plan_key',
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='planned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='sent_count',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='shown_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='snoozed_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dueassessment',
            name='unreachable_at',
            field=models.DateTimeField(null=True),
        ),
        ]),
        migrations.AlterField(
            model_name='assessment',
            name='source',
            field=models.CharField(choices=[('import', 'import'), ('paper', 'paper'), ('interview', 'interview'), ('phone', 'phone'), ('rating', 'rating')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='dueassessment',
            index=models.Index(condition=models.Q(('act_at__isnull', False)), fields=['act_at'], name='check_ins_to_act_on'),
        ),
        migrations.AddIndex(
            model_name='dueassessment',
            index=models.Index(fields=['status', 'closes_at'], name='check_ins_by_status'),
        ),
        migrations.AddConstraint(
            model_name='dueassessment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), fields=('patient', 'instrument_id', 'due_on'), name='one_standing_check_in_a_day'),
        ),
        migrations.AddConstraint(
            model_name='dueassessment',
            constraint=models.UniqueConstraint(condition=models.Q(('plan_key__isnull', False)), fields=('patient', 'plan_key'), name='one_check_in_a_plan_key'),
        ),
        never_deleted('clinic_dueassessment'),
    ]
