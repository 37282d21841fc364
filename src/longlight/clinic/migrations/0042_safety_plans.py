import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0051_choosing_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="SafetyPlan",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("steps", models.JSONField()),
                ("opens_by_link", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("by_id", models.UUIDField()),
                ("by_name", models.CharField(max_length=200)),
                ("by_role", models.CharField(max_length=16)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safety_plans",
                        to="clinic.patient",
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
            },
        ),
        migrations.CreateModel(
            name="SafetyPlanReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="clinic.safetyplan",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.AddConstraint(
            model_name="safetyplan",
            constraint=models.UniqueConstraint(
                fields=("patient", "version"), name="one_plan_a_version"
            ),
        ),
    ]
