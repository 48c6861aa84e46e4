import django.db.models.deletion
from django.db import migrations, models


def move_what_waits(apps, schema_editor):
    """A log that waits as one row waits as one piece."""
    file_model, piece_model = (apps.get_model("discovery", name) for name in ("UnreadFile", "UnreadPiece"))
    for waiting in apps.get_model("discovery", "UnreadLog").objects.select_related("reading").iterator(chunk_size=1):
        file = file_model.objects.create()
        piece_model.objects.create(file=file, position=0, sealed=waiting.sealed)
        waiting.reading.unread = file
        waiting.reading.save(update_fields=["unread"])


class Migration(migrations.Migration):

    dependencies = [
        ('discovery', '0015_selection'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnreadFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='UnreadPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='discovery.unreadfile')),
            ],
            options={
                'ordering': ['file', 'position'],
                'constraints': [models.UniqueConstraint(fields=('file', 'position'), name='unread_piece_once')],
            },
        ),
        migrations.AlterField(
            model_name='logreading',
            name='byte_count',
            field=models.PositiveBigIntegerField(),
        ),
        migrations.AddField(
            model_name='logreading',
            name='unread',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='log_reading', to='discovery.unreadfile'),
        ),
        migrations.RunPython(move_what_waits, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='UnreadLog',
        ),
        migrations.AddConstraint(
            model_name='logreading',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'received'), ('unread__isnull', False)), models.Q(models.Q(('state', 'received'), _negated=True), ('unread', None)), _connector='OR'), name='log_bytes_until_it_is_read'),
        ),
    ]
