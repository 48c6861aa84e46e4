import core.models.audit
import core.trigger_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('core', '0001_initial'), ('core', '0002_sealed_mail'), ('core', '0003_acts_of_the_ledger'), ('core', '0004_salted_events'), ('core', '0005_mail_mutes'), ('core', '0006_told_once'), ('core', '0007_kept_answers'), ('core', '0008_failing_addresses'), ('core', '0009_parked_reasons')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=80)),
                ('sequence', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('action', models.CharField(max_length=60)),
                ('actor_label', models.CharField(max_length=200)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject_label', models.CharField(max_length=250)),
                ('data', models.JSONField(default=dict)),
                ('origin_digest', models.CharField(blank=True, max_length=64)),
                ('salt', models.CharField(blank=True, max_length=32)),
                ('previous_digest', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('act', models.BigIntegerField(db_default=core.models.audit.CurrentTransaction(), editable=False, null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['chain', 'sequence'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='audit_event_subject')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'sequence'), name='audit_event_one_per_place')],
            },
        ),
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('chain', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('sequence', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('value', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='AuditOrigin',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='origin', serialize=False, to='core.auditevent')),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('user_agent', models.CharField(blank=True, max_length=400)),
                ('session_digest', models.CharField(blank=True, max_length=64)),
                ('authentication', models.CharField(blank=True, max_length=120)),
                ('time_zone', models.CharField(blank=True, max_length=60)),
                ('salt', models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='FailingAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254, unique=True)),
                ('said', models.TextField()),
                ('failures', models.PositiveIntegerField(default=0)),
                ('came_back', models.BooleanField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='failing_addresses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'failing addresses',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('said', ''), _negated=True), name='failing_address_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(blank=True, max_length=120)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Under way'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('progress_done', models.PositiveBigIntegerField(default=0)),
                ('progress_total', models.PositiveBigIntegerField(blank=True, null=True)),
                ('progress_sentence', models.CharField(blank=True, max_length=200)),
                ('result', models.JSONField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('max_attempts', models.PositiveSmallIntegerField(default=3)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_expires_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('available_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('announced_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('error_sentence', models.TextField(blank=True)),
                ('error_reference', models.CharField(blank=True, max_length=12)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ('queued', 'running'))), fields=['state', 'id'], name='job_unfinished'), models.Index(fields=['subject_type', 'subject_id'], name='job_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', True), ('lease_expires_at__isnull', True)), models.Q(('lease_token__isnull', False), ('lease_expires_at__isnull', False)), _connector='OR'), name='job_lease_whole'), models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_token__isnull', True)), _connector='OR'), name='job_running_means_leased'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ('done', 'failed'))), models.Q(('finished_at__isnull', True), ('state__in', ('queued', 'running'))), _connector='OR'), name='job_finished_means_when'), models.CheckConstraint(condition=models.Q(('result__isnull', True), ('state', 'done'), _negated=True), name='job_done_has_result'), models.CheckConstraint(condition=models.Q(('error_sentence', ''), ('state', 'failed'), _negated=True), name='job_failed_says_why'), models.CheckConstraint(condition=models.Q(('attempts__lte', models.F('max_attempts'))), name='job_attempts_are_bounded'), models.CheckConstraint(condition=models.Q(('progress_total__isnull', True), ('progress_done__lte', models.F('progress_total')), _connector='OR'), name='job_progress_within_total'), models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running')), models.Q(('key', ''), _negated=True)), fields=('kind', 'key'), name='job_one_unfinished_per_key')],
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caller_and_key', models.CharField(max_length=64, unique=True)),
                ('request_digest', models.CharField(max_length=64)),
                ('answer', models.BinaryField()),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='kept_answers', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MailMute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_mutes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='mail_mute_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('address', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=250)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('is_sealed', models.BooleanField(default=False)),
                ('reference_type', models.CharField(max_length=80)),
                ('reference_id', models.CharField(max_length=40)),
                ('is_required', models.BooleanField(default=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('available_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('parked_at', models.DateTimeField(blank=True, null=True)),
                ('parked_for', models.CharField(blank=True, choices=[('address', 'Mail to the address fails'), ('server', 'The mail server was not reached, or refused for another reason')], default='', max_length=7)),
                ('error_sentence', models.TextField(blank=True)),
                ('message_id', models.CharField(blank=True, max_length=200)),
                ('came_back_at', models.DateTimeField(blank=True, null=True)),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outbox_messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('parked_at', None), ('sent_at', None)), fields=['available_at', 'id'], name='outbox_waiting'), models.Index(fields=['reference_type', 'reference_id'], name='outbox_reference'), models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='outbox_message_id')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('parked_at__isnull', True), _connector='OR'), name='outbox_sent_or_parked'), models.CheckConstraint(condition=models.Q(('parked_at__isnull', True), models.Q(('error_sentence', ''), _negated=True), _connector='OR'), name='outbox_parked_says_why'), models.CheckConstraint(condition=models.Q(('parked_at__isnull', False), ('parked_for', ''), _connector='OR'), name='outbox_parked_for_something'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), models.Q(('html', ''), ('text', '')), _connector='OR'), name='outbox_sent_keeps_no_words')],
            },
        ),
        migrations.CreateModel(
            name='OutboxAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('content', models.BinaryField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='core.outboxmessage')),
            ],
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body_digest', models.CharField(max_length=64)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='core.auditevent')),
                ('told_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redacted', to='core.auditevent')),
            ],
            options={
                'ordering': ['told_by', 'event'],
                'constraints': [models.UniqueConstraint(fields=('event', 'told_by'), name='redaction_once_an_act')],
            },
        ),
        migrations.CreateModel(
            name='ToldOnce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('occasion', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told_occasions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'occasion'), name='told_once')],
            },
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='audit_event_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cc17748f05f4328a03f695c829385f6a8b2de956', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_event_append_only_rows_ff5a6', table='core_auditevent', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='audit_event_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='0f5dfb8a973000689ea16a587507e72704357e41', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_event_append_only_table_c9f53', table='core_auditevent', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='redaction_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c4c4615feb5b1562bbf0b75ed1f2f3fb4df3ead9', operation='UPDATE OR DELETE', pgid='pgtrigger_redaction_append_only_rows_7b411', table='core_redaction', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='redaction_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='7afec00bac64a7377b4e60a68955546af82616e0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_redaction_append_only_table_53873', table='core_redaction', when='BEFORE')),
        ),
    ]
