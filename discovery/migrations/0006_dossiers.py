import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

KINDS = [
    ("milter", "Milter"),
    ("policy", "Policy daemon"),
    ("bounces", "Bounce processor"),
    ("feedback", "Feedback loop script"),
    ("cron", "Timed work on the queue"),
    ("pipe", "Pipe transport program"),
    ("script", "Script"),
    ("other", "Other"),
]


def fill(apps, schema_editor):
    """Number what people entered in the order in which they did; who entered it was the last to change it."""
    dossiers = apps.get_model("discovery", "Dossier").objects
    numbered = dossiers.annotate(place=Window(RowNumber(), partition_by=[F("engagement_id")], order_by=F("pk").asc()))
    for dossier in numbered:
        dossiers.filter(pk=dossier.pk).update(
            number=dossier.place, changed_by=dossier.added_by_id, changed_at=dossier.added_at
        )


def person(null):
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("discovery", "0005_component_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("component", "component_named_once"),
        migrations.RenameModel("Component", "Dossier"),
        migrations.AlterModelOptions("dossier", {"ordering": ["engagement", "number"]}),
        migrations.AddField("dossier", "number", models.PositiveIntegerField(null=True)),
        migrations.AddField("dossier", "inputs", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("dossier", "outputs", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("dossier", "feeds", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "dossier", "schedule", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.AddField("dossier", "breaks", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("dossier", "replacement", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "dossier", "found_as", models.CharField(blank=True, default="", max_length=8), preserve_default=False
        ),
        migrations.AddField("dossier", "found_name", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "dossier", "found_digest", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField("dossier", "read", models.JSONField(blank=True, default=dict)),
        migrations.AddField("dossier", "evidence", models.JSONField(blank=True, default=list)),
        migrations.AddField(
            "dossier",
            "last_seen",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="discovery.upload",
            ),
        ),
        migrations.AddField(
            "dossier",
            "gone_since",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed_dossiers",
                to="discovery.upload",
            ),
        ),
        migrations.AddField("dossier", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("dossier", "changed_by", person(null=True)),
        migrations.AddField("dossier", "changed_at", models.DateTimeField(null=True)),
        migrations.AlterField("dossier", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AlterField("dossier", "name", models.CharField(max_length=300)),
        migrations.AlterField("dossier", "owner", models.CharField(blank=True, max_length=200)),
        migrations.AlterField("dossier", "language", models.CharField(blank=True, max_length=120)),
        migrations.AlterField(
            "dossier",
            "engagement",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="engagements.engagement",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("dossier", "number", models.PositiveIntegerField()),
        migrations.AlterField("dossier", "changed_by", person(null=False)),
        migrations.AlterField("dossier", "changed_at", models.DateTimeField()),
        migrations.AddConstraint(
            "dossier", models.UniqueConstraint(fields=("engagement", "number"), name="dossier_number_once")
        ),
        migrations.AddConstraint(
            "dossier",
            models.UniqueConstraint(
                condition=Q(found_as=""), fields=("engagement", "name", "host_label"), name="dossier_named_once"
            ),
        ),
        migrations.AddConstraint(
            "dossier",
            models.UniqueConstraint(
                condition=~Q(found_as=""),
                fields=("engagement", "host_label", "found_as", "found_digest"),
                name="dossier_found_once",
            ),
        ),
        migrations.AddConstraint(
            "dossier",
            models.CheckConstraint(
                condition=Q(found_as="", found_digest="", last_seen=None, gone_since=None)
                | (Q(found_digest__gt="", last_seen__isnull=False) & ~Q(found_as="")),
                name="dossier_found_in_an_upload",
            ),
        ),
    ]
