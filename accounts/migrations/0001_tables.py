import core.trigger_operations
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_one_side'), ('accounts', '0003_access_tokens'), ('accounts', '0004_who_gave_a_duty'), ('accounts', '0005_calendar_links'), ('accounts', '0006_unreached_people'), ('accounts', '0007_token_scopes'), ('accounts', '0008_token_made_with_token'), ('accounts', '0009_service_users')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('full_name', models.CharField(max_length=120)),
                ('job_title', models.CharField(blank=True, max_length=120)),
                ('time_zone', models.CharField(default='Etc/GMT+5', max_length=60)),
                ('theme', models.CharField(choices=[('system', 'As the system says'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=10)),
                ('has_shortcuts', models.BooleanField(default=True, verbose_name='single-key shortcuts')),
                ('is_active', models.BooleanField(default=True)),
                ('is_service', models.BooleanField(db_default=False, default=False, editable=False)),
                ('date_joined', models.DateTimeField(auto_now_add=True)),
                ('unreached_since', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_whatever_the_case'), models.CheckConstraint(condition=models.Q(('is_service', False), models.Q(('email__endswith', '.invalid'), ('password__startswith', '!')), _connector='OR'), name='user_service_has_no_way_to_sign_in'), models.CheckConstraint(condition=models.Q(('is_service', True), models.Q(('email__iendswith', '@service.invalid'), _negated=True), _connector='OR'), name='user_of_the_service_domain_is_one')],
            },
        ),
        migrations.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('fetched_on', models.DateField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_link', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('consultancy', 'Consultancy'), ('customer', 'Customer')], max_length=12)),
                ('name', models.CharField(max_length=120, unique=True)),
                ('time_zone', models.CharField(default='Etc/GMT+5', max_length=60)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'consultancy')), fields=('kind',), name='organization_one_consultancy')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization_kind', models.CharField(choices=[('consultancy', 'Consultancy'), ('customer', 'Customer')], editable=False, max_length=12)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('lead', 'Lead'), ('consultant', 'Consultant'), ('sales', 'Sales'), ('signatory', 'Signatory'), ('finance', 'Finance'), ('contributor', 'Contributor'), ('viewer', 'Viewer')], max_length=12)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'organization'), name='membership_once_an_organization'), models.CheckConstraint(condition=models.Q(models.Q(('organization_kind', 'consultancy'), ('role__in', ('owner', 'lead', 'consultant', 'sales'))), models.Q(('organization_kind', 'customer'), ('role__in', ('signatory', 'finance', 'contributor', 'viewer'))), _connector='OR'), name='membership_role_fits_the_organization')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('full_name', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('lead', 'Lead'), ('consultant', 'Consultant'), ('sales', 'Sales'), ('signatory', 'Signatory'), ('finance', 'Finance'), ('contributor', 'Contributor'), ('viewer', 'Viewer')], max_length=12)),
                ('duties', models.JSONField(blank=True, default=list)),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_accepted', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.organization')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_accepted_whole')],
            },
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                ('token_key', models.CharField(db_index=True, max_length=25)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('expiry', models.DateTimeField(blank=True, null=True)),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('scope', models.CharField(choices=[('all', 'everything you may do'), ('read', 'reading, and changing nothing'), ('upload', 'handing over configurations and logs, and reading nothing'), ('report', 'reporting what a proxy or an MTA saw, and reading nothing')], db_default='all', default='all', max_length=10, verbose_name='for')),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('made_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='made', to=settings.KNOX_TOKEN_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='access_token_named_once'), models.CheckConstraint(condition=models.Q(('expiry__isnull', False)), name='access_token_runs_out')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sign_phase', 'Signs phase'), ('accept_quotes', 'Accepts quotes'), ('order_rollback', 'May order a rollback')], max_length=16)),
                ('phase', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('given_by_label', models.CharField(blank=True, max_length=520)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='accounts.membership')),
            ],
            options={
                'verbose_name_plural': 'duties',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sign_phase'), ('phase__range', (1, 5))), models.Q(models.Q(('kind', 'sign_phase'), _negated=True), ('phase__isnull', True)), _connector='OR'), name='duty_phase_belongs_to_signing'), models.UniqueConstraint(fields=('membership', 'kind', 'phase'), name='duty_given_once', nulls_distinct=False)],
            },
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='duty',
            trigger=pgtrigger.compiler.Trigger(name='duty_is_of_a_person', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM accounts_membership AS m JOIN accounts_user AS u ON u.id = m.user_id WHERE m.id = NEW.membership_id AND u.is_service) THEN RAISE EXCEPTION 'A service user answers for nothing by name' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='16b3ff245366d14d4501969ed9fe4acec795e266', operation='INSERT OR UPDATE OF "membership_id"', pgid='pgtrigger_duty_is_of_a_person_c45ef', table='accounts_duty', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_copies_the_kind', sql=pgtrigger.compiler.UpsertTriggerSql(func='SELECT kind INTO NEW.organization_kind FROM accounts_organization WHERE id = NEW.organization_id; RETURN NEW;', hash='3b8c4eb9d59f59b6d0c414fea12d3fc69f790d80', operation='INSERT OR UPDATE', pgid='pgtrigger_membership_copies_the_kind_1b5a2', table='accounts_membership', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_on_one_side', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('one side of ' || NEW.user_id, 0)); IF EXISTS (SELECT 1 FROM accounts_membership WHERE user_id = NEW.user_id AND id <> NEW.id AND organization_kind <> NEW.organization_kind) THEN RAISE EXCEPTION 'A person works for the consultancy or for its customers, not for both' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='aa5132c53e2b2021860e4f139494d8b59e1ae099', operation='INSERT OR UPDATE OF "user_id", "organization_id"', pgid='pgtrigger_membership_on_one_side_365b0', table='accounts_membership', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_of_a_service_user', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (SELECT is_service FROM accounts_user WHERE id = NEW.user_id) AND (NEW.role IN ('owner', 'signatory') OR EXISTS (SELECT 1 FROM accounts_membership WHERE user_id = NEW.user_id AND id <> NEW.id)) THEN RAISE EXCEPTION 'A service user belongs to one organization, and neither owns it nor signs for it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='b0d091580a4ffcf276c1d86b41292d45b6045cce', operation='INSERT OR UPDATE', pgid='pgtrigger_membership_of_a_service_user_948d6', table='accounts_membership', when='BEFORE')),
        ),
    ]
