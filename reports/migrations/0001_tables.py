import core.trigger_operations
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reports', '0001_previews_of_drafts'), ('reports', '0002_reviews_of_drafts'), ('reports', '0003_runbooks'), ('reports', '0004_training'), ('reports', '0005_handoff'), ('reports', '0006_portfolio'), ('reports', '0007_restored_shape'), ('reports', '0008_runbook_papers')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('core', '0001_tables'),
        ('engagements', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='engagements.gate')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('gate', 'version'), name='draft_review_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='HandoffPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField()),
                ('byte_count', models.PositiveBigIntegerField()),
                ('file_count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('head_sequence', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('engagement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['engagement'],
            },
        ),
        migrations.CreateModel(
            name='PortfolioSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_month', models.CharField(max_length=7)),
                ('since', models.DateTimeField()),
                ('reader', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='portfolio_subscription', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField()),
                ('page_count', models.PositiveIntegerField()),
                ('content_digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='previews', to='engagements.gate')),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='preview', to='core.job')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['made_at'], name='preview_made_at')],
            },
        ),
        migrations.CreateModel(
            name='PreviewPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('png', models.BinaryField()),
                ('preview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='reports.preview')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('preview', 'number'), name='preview_page_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RestoredEngagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('origin_code', models.CharField(max_length=20)),
                ('customer', models.CharField(max_length=120)),
                ('manifest', models.BinaryField()),
                ('seal', models.BinaryField()),
                ('key', models.CharField(max_length=64)),
                ('head', models.CharField(max_length=64)),
                ('shape', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('restored_at', models.DateTimeField()),
                ('restored_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RestoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField()),
                ('content', models.BinaryField()),
                ('byte_count', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('restored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.restoredengagement')),
            ],
            options={
                'ordering': ['restored', 'path'],
                'constraints': [models.UniqueConstraint(fields=('restored', 'path'), name='restored_file_once')],
            },
        ),
        migrations.CreateModel(
            name='RestoredRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=60)),
                ('position', models.PositiveIntegerField()),
                ('fields', models.JSONField()),
                ('restored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='reports.restoredengagement')),
            ],
            options={
                'ordering': ['restored', 'table', 'position'],
                'constraints': [models.UniqueConstraint(fields=('restored', 'table', 'position'), name='restored_row_once')],
            },
        ),
        migrations.CreateModel(
            name='RunbookFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('value', models.TextField()),
                ('noted_at', models.DateTimeField()),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['engagement', 'key', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('value__gt', '')), name='runbook_fact_says_something')],
            },
        ),
        migrations.CreateModel(
            name='RunbookRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=100)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('review_on', models.DateField()),
                ('drawn_up_at', models.DateTimeField()),
                ('drawn_up_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
            ],
            options={
                'ordering': ['engagement', 'key', '-number'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'key', 'number'), name='runbook_revision_once')],
            },
        ),
        migrations.CreateModel(
            name='RunbookReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('consultancy', 'The consultancy'), ('customer', 'The customer')], max_length=12)),
                ('read_at', models.DateTimeField()),
                ('read_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='reports.runbookrevision')),
            ],
            options={
                'ordering': ['revision', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'read_by'), name='runbook_reading_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='RunbookPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField()),
                ('page_count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('drawn_at', models.DateTimeField()),
                ('approval_count', models.PositiveSmallIntegerField(null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reports.runbookrevision')),
            ],
            options={
                'ordering': ['revision', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'approval_count'), name='runbook_paper_once_an_approval')],
            },
        ),
        migrations.CreateModel(
            name='RunbookDrill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('participants', models.TextField()),
                ('outcome', models.TextField()),
                ('noted_at', models.DateTimeField()),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drills', to='reports.runbookrevision')),
            ],
            options={
                'ordering': ['revision', '-held_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('outcome__gt', ''), ('participants__gt', '')), name='runbook_drill_says_something')],
            },
        ),
        migrations.CreateModel(
            name='RunbookApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('consultancy', 'The consultancy'), ('customer', 'The customer')], max_length=12)),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='reports.runbookrevision')),
            ],
            options={
                'ordering': ['revision', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'party'), name='runbook_approval_once_a_side')],
            },
        ),
        migrations.CreateModel(
            name='TrainingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('material', models.TextField(blank=True)),
                ('planned_at', models.DateTimeField()),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trainer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['engagement', 'number'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'number'), name='training_session_once'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('title__gt', '')), name='training_session_says_something')],
            },
        ),
        migrations.CreateModel(
            name='TrainingMaterial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.runbookrevision')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='reports.trainingsession')),
            ],
            options={
                'ordering': ['session', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'revision'), name='training_material_once')],
            },
        ),
        migrations.CreateModel(
            name='TrainingExercise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.TextField()),
                ('result', models.CharField(choices=[('passed', 'Passed'), ('again', 'To be done again')], max_length=6)),
                ('noted_at', models.DateTimeField()),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exercises', to='reports.trainingsession')),
            ],
            options={
                'ordering': ['session', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('task__gt', '')), name='training_exercise_says_something')],
            },
        ),
        migrations.CreateModel(
            name='TrainingEnding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('noted_at', models.DateTimeField()),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='found_ending', to='reports.trainingsession')),
            ],
            options={
                'ordering': ['session'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('minutes__gt', 0), ('reason', '')), models.Q(('minutes__isnull', True), ('reason__gt', '')), _connector='OR'), name='training_ending_is_held_or_cancelled')],
            },
        ),
        migrations.CreateModel(
            name='TrainingAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_at', models.DateTimeField()),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='reports.trainingsession')),
            ],
            options={
                'ordering': ['session', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'person'), name='training_attendance_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='DaysSpent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.PositiveSmallIntegerField()),
                ('days', models.DecimalField(decimal_places=1, max_digits=5)),
                ('note', models.TextField()),
                ('noted_at', models.DateTimeField()),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'days spent',
                'ordering': ['engagement', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('phase__range', (1, 5))), name='days_spent_on_a_phase'), models.CheckConstraint(condition=models.Q(models.Q(('days', 0), _negated=True), ('note__gt', '')), name='days_spent_says_something')],
            },
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='daysspent',
            trigger=pgtrigger.compiler.Trigger(name='days_spent_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='38aee1616847774b4db1c9f9a52c0c037f41d070', operation='UPDATE OR DELETE', pgid='pgtrigger_days_spent_append_only_rows_d6c51', table='reports_daysspent', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='daysspent',
            trigger=pgtrigger.compiler.Trigger(name='days_spent_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='b8ad309503e6aaa142a5f67dffc2765a36c0cc8a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_days_spent_append_only_table_60bb0', table='reports_daysspent', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='draftreview',
            trigger=pgtrigger.compiler.Trigger(name='draft_review_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='364c9aa9c4f845332df79c643aced0577f8fd290', operation='UPDATE OR DELETE', pgid='pgtrigger_draft_review_append_only_rows_b3276', table='reports_draftreview', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='draftreview',
            trigger=pgtrigger.compiler.Trigger(name='draft_review_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='652352737de785d8b46575ed7f6671683160a58a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_draft_review_append_only_table_351b5', table='reports_draftreview', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredengagement',
            trigger=pgtrigger.compiler.Trigger(name='restored_engagement_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='45597b0d8dbde2be1b89849b742eadb1bd18c70e', operation='UPDATE OR DELETE', pgid='pgtrigger_restored_engagement_append_only_rows_437bb', table='reports_restoredengagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredengagement',
            trigger=pgtrigger.compiler.Trigger(name='restored_engagement_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='4ef892fce54024957c4a67621dd41145212e4473', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_restored_engagement_append_only_table_8f8f9', table='reports_restoredengagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredfile',
            trigger=pgtrigger.compiler.Trigger(name='restored_file_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='facd4e87dddb21848e451a67bdb563a7dcdbbd80', operation='UPDATE OR DELETE', pgid='pgtrigger_restored_file_append_only_rows_7cdee', table='reports_restoredfile', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredfile',
            trigger=pgtrigger.compiler.Trigger(name='restored_file_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='fc9c94fd211a2b8ee32d50a8f83e6be8db6b8f58', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_restored_file_append_only_table_73d16', table='reports_restoredfile', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredrow',
            trigger=pgtrigger.compiler.Trigger(name='restored_row_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='37810a4ef3e3199e01781a843b19df8dc70051bf', operation='UPDATE OR DELETE', pgid='pgtrigger_restored_row_append_only_rows_7cf79', table='reports_restoredrow', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='restoredrow',
            trigger=pgtrigger.compiler.Trigger(name='restored_row_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='6b18637d8bf267dc4aa3be0a32fbe8c9e621df6f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_restored_row_append_only_table_e00a3', table='reports_restoredrow', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookfact',
            trigger=pgtrigger.compiler.Trigger(name='runbook_fact_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5968998b4863597f14e352b380dd5da77dd8361a', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_fact_append_only_rows_692e2', table='reports_runbookfact', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookfact',
            trigger=pgtrigger.compiler.Trigger(name='runbook_fact_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='bf5e79ba9240e26bfb5c954ffcfb852ebef617f8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_fact_append_only_table_a5acd', table='reports_runbookfact', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookrevision',
            trigger=pgtrigger.compiler.Trigger(name='runbook_revision_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9f7187fafb91a2013229ce2e806028857c6a791c', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_revision_append_only_rows_f6657', table='reports_runbookrevision', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookrevision',
            trigger=pgtrigger.compiler.Trigger(name='runbook_revision_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='e1e5395330ec79591f708dc84d15dc29b4812f86', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_revision_append_only_table_f1ff0', table='reports_runbookrevision', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookreading',
            trigger=pgtrigger.compiler.Trigger(name='runbook_reading_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b5b9523c96101b1103e383f4696d8f4a45a32923', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_reading_append_only_rows_5d1d3', table='reports_runbookreading', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookreading',
            trigger=pgtrigger.compiler.Trigger(name='runbook_reading_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='d04283ffaea605cc2db676ce22c0b44db0ca48cd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_reading_append_only_table_eb5a6', table='reports_runbookreading', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookpaper',
            trigger=pgtrigger.compiler.Trigger(name='runbook_paper_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c49c2f6d0f62691d7df7b883ec63910c3c501f9', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_paper_append_only_rows_954b1', table='reports_runbookpaper', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookpaper',
            trigger=pgtrigger.compiler.Trigger(name='runbook_paper_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='f632582023f3f6e61ad2ac2b537ac536176a5593', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_paper_append_only_table_5f227', table='reports_runbookpaper', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookdrill',
            trigger=pgtrigger.compiler.Trigger(name='runbook_drill_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c751129682da1a7a9a44b947b8cc59c2c65a9a5', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_drill_append_only_rows_5d36f', table='reports_runbookdrill', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookdrill',
            trigger=pgtrigger.compiler.Trigger(name='runbook_drill_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='7acb3039f76efe8e1d20f2e645ab6614c5f49c98', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_drill_append_only_table_e16b8', table='reports_runbookdrill', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookapproval',
            trigger=pgtrigger.compiler.Trigger(name='runbook_approval_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b03428aace53ab806bb8f503f7d478698f74f267', operation='UPDATE OR DELETE', pgid='pgtrigger_runbook_approval_append_only_rows_da697', table='reports_runbookapproval', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='runbookapproval',
            trigger=pgtrigger.compiler.Trigger(name='runbook_approval_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='82450c89026914ebacf0f10868de9347ed4cafe2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_runbook_approval_append_only_table_1ce11', table='reports_runbookapproval', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingsession',
            trigger=pgtrigger.compiler.Trigger(name='training_session_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e6da08d380d36e8975f52c4f414543307f57c104', operation='UPDATE OR DELETE', pgid='pgtrigger_training_session_append_only_rows_033b2', table='reports_trainingsession', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingsession',
            trigger=pgtrigger.compiler.Trigger(name='training_session_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='39a9cbdd0e5825daf8a9ed5e1b4636ba9c344f2a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_training_session_append_only_table_a7c0f', table='reports_trainingsession', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingmaterial',
            trigger=pgtrigger.compiler.Trigger(name='training_material_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd8d35d1a538c908356ffe5eb39627dbbcd08a88', operation='UPDATE OR DELETE', pgid='pgtrigger_training_material_append_only_rows_b305f', table='reports_trainingmaterial', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingmaterial',
            trigger=pgtrigger.compiler.Trigger(name='training_material_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='127c2e7081a2b28e1927b60186c9f1e276e10dd4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_training_material_append_only_table_2b514', table='reports_trainingmaterial', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingexercise',
            trigger=pgtrigger.compiler.Trigger(name='training_exercise_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3896ef02051dac2f596872a67105baf1c02ebb0b', operation='UPDATE OR DELETE', pgid='pgtrigger_training_exercise_append_only_rows_30968', table='reports_trainingexercise', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingexercise',
            trigger=pgtrigger.compiler.Trigger(name='training_exercise_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='7ab1f7ec53f405d5b8e7c3fac0c45aacb383d96d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_training_exercise_append_only_table_d713d', table='reports_trainingexercise', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingending',
            trigger=pgtrigger.compiler.Trigger(name='training_ending_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a36144365e51f04bc997bc85fad1738d85f838cc', operation='UPDATE OR DELETE', pgid='pgtrigger_training_ending_append_only_rows_2a31a', table='reports_trainingending', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingending',
            trigger=pgtrigger.compiler.Trigger(name='training_ending_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='199c082f52f241c47d67c361f1af5a674ffda645', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_training_ending_append_only_table_000b9', table='reports_trainingending', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingattendance',
            trigger=pgtrigger.compiler.Trigger(name='training_attendance_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='25d8b694e17ccce68d74fd2edc22ff74c9ec7f90', operation='UPDATE OR DELETE', pgid='pgtrigger_training_attendance_append_only_rows_3890a', table='reports_trainingattendance', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='trainingattendance',
            trigger=pgtrigger.compiler.Trigger(name='training_attendance_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='352bb0deef98d90dd711e031bfb461bafbe824c6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_training_attendance_append_only_table_f633a', table='reports_trainingattendance', when='BEFORE')),
        ),
    ]
