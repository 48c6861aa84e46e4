import core.trigger_operations
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_fsm
import djmoney.models.fields
import pgtrigger.compiler
import pricing.models.contact
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('pricing', '0001_initial'), ('pricing', '0002_cost_assumption'), ('pricing', '0003_quote_terms'), ('pricing', '0004_clock'), ('pricing', '0005_stream_size'), ('pricing', '0006_quote_contacts'), ('pricing', '0007_intake'), ('pricing', '0008_the_nda'), ('pricing', '0009_intake_claim'), ('pricing', '0010_request_draft'), ('pricing', '0011_call_telephone'), ('pricing', '0012_wishes_for_a_new_quote'), ('pricing', '0013_nda_notices')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('discovery', '0001_tables'),
        ('engagements', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Nda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('ours', "The practice's text"), ('theirs', "The customer's text"), ('paper', 'Signed outside the portal')], max_length=6)),
                ('state', django_fsm.FSMField(choices=[('in_review', 'In review'), ('open', 'Open for signature'), ('signed', 'Signed'), ('sent_back', 'Sent back'), ('replaced', 'Replaced')], max_length=50, protected=True)),
                ('digest', models.CharField(max_length=64)),
                ('byte_count', models.PositiveIntegerField()),
                ('filename', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('clock_started_at', models.DateTimeField(blank=True, null=True)),
                ('clock_stopped_at', models.DateTimeField(blank=True, null=True)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='nda', to='engagements.frozendocument')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ndas', to='engagements.engagement')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'NDA',
                'ordering': ['engagement', '-number'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'number'), name='nda_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('in_review', 'open', 'signed'))), fields=('engagement',), name='nda_one_an_engagement'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_by__isnull', True), ('reviewed_at__isnull', True)), models.Q(('reviewed_by__isnull', False), ('reviewed_at__isnull', False)), _connector='OR'), name='nda_reviewed_whole'), models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('kind', 'ours')), models.Q(models.Q(('kind', 'ours'), _negated=True), ('document__isnull', True)), _connector='OR'), name='nda_ours_is_a_frozen_document'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'paper'), ('signed_on__isnull', False), models.Q(('note', ''), _negated=True)), models.Q(models.Q(('kind', 'paper'), _negated=True), ('signed_on__isnull', True)), _connector='OR'), name='nda_on_paper_says_when_and_why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent_back'), _negated=True), models.Q(('reviewed_at__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='nda_sent_back_says_why'), models.CheckConstraint(condition=models.Q(('clock_stopped_at__isnull', True), ('clock_started_at__isnull', False), _connector='OR'), name='nda_clock_stops_once_started'), models.CheckConstraint(condition=models.Q(('byte_count__gt', 0)), name='nda_is_not_empty')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='CallDayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_days_off', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person', 'day'],
                'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='call_day_off_once')],
            },
        ),
        migrations.CreateModel(
            name='CallWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('starts', models.TimeField()),
                ('ends', models.TimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_windows', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person', 'weekday', 'starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='call_window_on_a_weekday'), models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='call_window_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('minutes__range', (15, 120))), name='call_window_length'), models.UniqueConstraint(fields=('person', 'weekday', 'starts'), name='call_window_once')],
            },
        ),
        migrations.CreateModel(
            name='CostAssumption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=30)),
                ('value', models.DecimalField(decimal_places=2, max_digits=12)),
                ('reason', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cost_assumptions', to='engagements.engagement')),
            ],
            options={
                'ordering': ['engagement', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'key'), name='cost_assumption_once'), models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='cost_assumption_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='NdaFile',
            fields=[
                ('nda', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file', serialize=False, to='pricing.nda')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='NdaNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first', 'First warning'), ('last', 'Last warning'), ('breach', 'Late')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('nda', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='pricing.nda')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('nda', 'kind'), name='nda_notice_once')],
            },
        ),
        migrations.CreateModel(
            name='NdaSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authentication', models.CharField(max_length=120)),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('user_agent', models.CharField(blank=True, max_length=400)),
                ('time_zone', models.CharField(blank=True, max_length=60)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('document_digest', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField()),
                ('signer_label', models.CharField(max_length=250)),
                ('typed_name', models.CharField(max_length=120)),
                ('role_title', models.CharField(max_length=120)),
                ('statement', models.TextField()),
                ('statement_version', models.CharField(max_length=20)),
                ('authenticated_at', models.DateTimeField()),
                ('chain_digest', models.CharField(max_length=64)),
                ('side', models.CharField(choices=[('practice', 'Practice'), ('customer', 'Customer')], max_length=8)),
                ('nda', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='pricing.nda')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nda_signatures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('nda', 'side'), name='nda_signature_once_a_side')],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('sent', 'Open'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('expired', 'Expired'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn'), ('voided', 'Void')], default='draft', max_length=50, protected=True)),
                ('tier_key', models.CharField(max_length=20)),
                ('tier_label', models.CharField(max_length=40)),
                ('fee_currency', djmoney.models.fields.CurrencyField(choices=[('USD', 'US dollar')], default='USD', editable=False, max_length=3)),
                ('fee', djmoney.models.fields.MoneyField(currency_choices=[('USD', 'US dollar')], decimal_places=2, default_currency='USD', max_digits=12)),
                ('total_currency', djmoney.models.fields.CurrencyField(choices=[('USD', 'US dollar')], default='USD', editable=False, max_length=3)),
                ('total', djmoney.models.fields.MoneyField(currency_choices=[('USD', 'US dollar')], decimal_places=2, default_currency='USD', max_digits=12)),
                ('calculation', models.CharField(max_length=12)),
                ('snapshot', models.JSONField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('sent_to', models.CharField(blank=True, max_length=400)),
                ('valid_until', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_digest', models.CharField(blank=True, max_length=64)),
                ('acceptor_label', models.CharField(blank=True, max_length=250)),
                ('receipt', models.CharField(blank=True, max_length=20)),
                ('po_number', models.CharField(blank=True, max_length=60, verbose_name='PO number')),
                ('consent_text', models.TextField(blank=True)),
                ('consent_version', models.CharField(blank=True, max_length=20)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('decline_reason', models.CharField(blank=True, max_length=20)),
                ('decline_text', models.TextField(blank=True)),
                ('renewal_asked_at', models.DateTimeField(blank=True, null=True)),
                ('renewal_asked_by', models.CharField(blank=True, max_length=250)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('user_agent', models.CharField(blank=True, max_length=400)),
                ('authentication', models.CharField(blank=True, max_length=120)),
                ('time_zone', models.CharField(blank=True, max_length=60)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accepted_quotes', to=settings.AUTH_USER_MODEL)),
                ('amends', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='pricing.quote')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('declined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='declined_quotes', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quote', to='engagements.frozendocument')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='engagements.engagement')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voided_quotes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'valid_until'], name='quote_state_valid_until')],
                'constraints': [models.UniqueConstraint(fields=('number', 'revision'), name='quote_revision_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'sent'))), fields=('engagement',), name='quote_one_open_an_engagement'), models.UniqueConstraint(condition=models.Q(('amends', None), ('state', 'accepted')), fields=('engagement',), name='quote_accepted_once_an_engagement'), models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('amends',), name='quote_amended_once'), models.UniqueConstraint(condition=models.Q(('receipt', ''), _negated=True), fields=('receipt',), name='quote_receipt_once'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), ('sent_by__isnull', True), ('valid_until__isnull', True), ('document__isnull', True)), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False), ('valid_until__isnull', False), ('document__isnull', False)), _connector='OR'), name='quote_sent_whole'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_by__isnull', True), ('accepted_at__isnull', True)), models.Q(('accepted_by__isnull', False), ('accepted_at__isnull', False)), _connector='OR'), name='quote_accepted_whole'), models.CheckConstraint(condition=models.Q(models.Q(('declined_by__isnull', True), ('declined_at__isnull', True)), models.Q(('declined_by__isnull', False), ('declined_at__isnull', False)), _connector='OR'), name='quote_declined_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'accepted', 'declined', 'expired', 'superseded']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='quote_is_answered_only_once_sent'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('state__in', ['accepted', 'voided']), models.Q(('receipt', ''), _negated=True), models.Q(('consent_text', ''), _negated=True), models.Q(('accepted_digest', ''), _negated=True)), models.Q(models.Q(('state__in', ['accepted', 'voided']), _negated=True), ('accepted_at__isnull', True), ('receipt', '')), _connector='OR'), name='quote_accepted_with_its_evidence'), models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', False), ('state', 'declined'), models.Q(('decline_reason', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('declined_at__isnull', True)), _connector='OR'), name='quote_declined_with_its_reason'), models.CheckConstraint(condition=models.Q(models.Q(('voided_by__isnull', True), ('voided_at__isnull', True)), models.Q(('voided_by__isnull', False), ('voided_at__isnull', False)), _connector='OR'), name='quote_voided_whole'), models.CheckConstraint(condition=models.Q(models.Q(('renewal_asked_at__isnull', True), ('renewal_asked_by', '')), models.Q(('renewal_asked_at__isnull', False), ('state__in', ['sent', 'expired', 'superseded', 'withdrawn']), models.Q(('renewal_asked_by', ''), _negated=True)), _connector='OR'), name='quote_renewal_asked_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'voided'), ('voided_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), models.Q(models.Q(('state', 'voided'), _negated=True), ('voided_at__isnull', True)), _connector='OR'), name='quote_voided_with_its_reason'), models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('total__gte', 0)), name='quote_is_never_negative')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Discount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('reason', models.TextField()),
                ('given_at', models.DateTimeField()),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='discount', to='pricing.quote')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('percent__gt', 0), ('percent__lte', 100)), models.Q(('amount__gt', 0), ('percent', None)), _connector='OR'), name='discount_is_a_percentage_or_an_amount'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='discount_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('discount', 'Discount'), ('tier', 'Tier')], max_length=8)),
                ('covers', models.CharField(max_length=64)),
                ('words', models.TextField()),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='pricing.quote')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', models.F('asked_by')), _negated=True), name='approval_by_a_second_person'), models.UniqueConstraint(fields=('quote', 'covers'), name='approval_once')],
            },
        ),
        migrations.CreateModel(
            name='QuoteContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('full_name', models.CharField(max_length=120)),
                ('origin', models.CharField(choices=[('duty', 'May accept quotes'), ('request', 'Contact of the request'), ('forward', 'Forwarded')], max_length=8)),
                ('seed', models.CharField(default=pricing.models.contact.new_seed, editable=False, max_length=32)),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                ('open_count', models.PositiveIntegerField(default=0)),
                ('bounced_at', models.DateTimeField(blank=True, null=True)),
                ('bounce_note', models.CharField(blank=True, max_length=400)),
                ('proved_at', models.DateTimeField(blank=True, null=True)),
                ('renewal_asked_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bounced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='pricing.quote')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('quote'), django.db.models.functions.text.Lower('email'), name='quote_contact_once_an_address'), models.CheckConstraint(condition=models.Q(models.Q(('first_opened_at__isnull', True), ('last_opened_at__isnull', True)), models.Q(('first_opened_at__isnull', False), ('last_opened_at__isnull', False)), _connector='OR'), name='quote_contact_opened_whole'), models.CheckConstraint(condition=models.Q(models.Q(('first_opened_at__isnull', True), ('open_count', 0)), models.Q(('first_opened_at__isnull', False), ('open_count__gt', 0)), _connector='OR'), name='quote_contact_opened_as_counted'), models.CheckConstraint(condition=models.Q(models.Q(('bounced_at__isnull', True), ('bounced_by__isnull', True)), models.Q(('bounced_at__isnull', False), ('bounced_by__isnull', False)), _connector='OR'), name='quote_contact_bounced_whole'), models.CheckConstraint(condition=models.Q(models.Q(('bounce_note', ''), ('bounced_at__isnull', True)), models.Q(('bounced_at__isnull', False), models.Q(('bounce_note', ''), _negated=True)), _connector='OR'), name='quote_contact_bounced_with_its_note'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('proved_at__isnull', True)), models.Q(('person__isnull', False), ('proved_at__isnull', False)), _connector='OR'), name='quote_contact_proved_whole')],
            },
        ),
        migrations.CreateModel(
            name='ContactCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('wrong_attempts', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='pricing.quotecontact')),
            ],
            options={
                'indexes': [models.Index(fields=['ip_address', 'made_at'], name='contact_code_asked_from')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('used_at', None)), fields=('contact',), name='contact_code_one_is_open'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('replaced_at__isnull', True), _connector='OR'), name='contact_code_used_or_replaced')],
            },
        ),
        migrations.CreateModel(
            name='QuoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('description', models.CharField(max_length=200)),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=9)),
                ('unit_price_currency', djmoney.models.fields.CurrencyField(choices=[('USD', 'US dollar')], default='USD', editable=False, max_length=3)),
                ('unit_price', djmoney.models.fields.MoneyField(currency_choices=[('USD', 'US dollar')], decimal_places=2, default_currency='USD', max_digits=12)),
                ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('USD', 'US dollar')], default='USD', editable=False, max_length=3)),
                ('amount', djmoney.models.fields.MoneyField(currency_choices=[('USD', 'US dollar')], decimal_places=2, default_currency='USD', max_digits=12)),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pricing.quote')),
            ],
            options={
                'ordering': ['quote', 'position'],
                'constraints': [models.UniqueConstraint(fields=('quote', 'position'), name='quote_line_once_a_place')],
            },
        ),
        migrations.CreateModel(
            name='QuoteReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_before', models.PositiveSmallIntegerField()),
                ('valid_until', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='pricing.quotecontact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'valid_until', 'days_before'), name='quote_reminder_once_a_contact')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('website', 'Website'), ('referral', 'Referral'), ('call', 'Call'), ('event', 'Event'), ('other', 'Other')], max_length=10)),
                ('contact_name', models.CharField(max_length=120)),
                ('contact_email', models.EmailField(max_length=254, verbose_name="contact's e-mail")),
                ('month', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='messages a month')),
                ('peak', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='messages on the busiest day')),
                ('ips', models.PositiveIntegerField(blank=True, null=True, verbose_name='IPs')),
                ('pools', models.PositiveIntegerField(blank=True, null=True)),
                ('streams', models.PositiveIntegerField(blank=True, null=True)),
                ('tenants', models.PositiveIntegerField(blank=True, null=True)),
                ('domains', models.PositiveIntegerField(blank=True, null=True)),
                ('milters', models.PositiveIntegerField(blank=True, null=True)),
                ('bounce_processors', models.PositiveIntegerField(blank=True, null=True)),
                ('fbl_scripts', models.PositiveIntegerField(blank=True, null=True, verbose_name='FBL scripts')),
                ('other_components', models.PositiveIntegerField(blank=True, null=True)),
                ('team', models.CharField(blank=True, choices=[('full_execution', 'Wants full execution'), ('could_run', 'Could run it themselves, wants the plan')], max_length=16)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('complete_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='request', to='engagements.engagement')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('changed_by__isnull', True), ('changed_at__isnull', True)), models.Q(('changed_by__isnull', False), ('changed_at__isnull', False)), _connector='OR'), name='request_changed_whole'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('complete_at__isnull', False), _connector='OR'), name='request_answered_after_it_was_complete'), models.CheckConstraint(condition=models.Q(models.Q(('ips__isnull', True), ('ips__gte', 1), _connector='OR'), models.Q(('pools__isnull', True), ('pools__gte', 1), _connector='OR'), models.Q(('streams__isnull', True), ('streams__gte', 1), _connector='OR'), models.Q(('domains__isnull', True), ('domains__gte', 1), _connector='OR')), name='request_sends_from_somewhere')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('paused_at', models.DateTimeField()),
                ('resumed_at', models.DateTimeField(blank=True, null=True)),
                ('paused_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resumed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='pricing.request')),
            ],
            options={
                'ordering': ['paused_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resumed_by__isnull', True), ('resumed_at__isnull', True)), models.Q(('resumed_by__isnull', False), ('resumed_at__isnull', False)), _connector='OR'), name='pause_resumed_whole'), models.UniqueConstraint(condition=models.Q(('resumed_at__isnull', True)), fields=('request',), name='pause_one_open_a_request'), models.CheckConstraint(condition=models.Q(('resumed_at__gte', models.F('paused_at'))), name='pause_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='pause_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='LateReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('text', models.TextField(blank=True)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='late_reason', to='pricing.request')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('key__gt', '')), name='late_reason_is_named')],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('typed', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('is_joined', models.BooleanField(default=False)),
                ('mailed_digest', models.CharField(blank=True, max_length=64)),
                ('claim', models.JSONField(blank=True, default=dict)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('company', models.CharField(blank=True, max_length=100)),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name="contact's e-mail")),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='intakes', to='pricing.request')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['contact_email', 'sent_at'], name='intake_sent_lately')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company', ''), ('contact_email', ''), ('request__isnull', True), ('sent_at__isnull', True)), models.Q(('erased_at__isnull', True), ('request__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='intake_sent_whole'), models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), ('typed', {}), _connector='OR'), name='intake_erased_holds_no_words'), models.CheckConstraint(condition=models.Q(('is_joined', True), models.Q(('claim', {}), ('confirmed_at__isnull', True), ('mailed_digest', '')), _connector='OR'), name='intake_only_a_joined_one_claims'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('mailed_digest__gt', ''), _connector='OR'), name='intake_confirmed_by_its_mail'), models.UniqueConstraint(condition=models.Q(('mailed_digest__gt', '')), fields=('mailed_digest',), name='intake_mailed_link_once')],
            },
        ),
        migrations.CreateModel(
            name='ClockNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first', 'First warning'), ('last', 'Last warning'), ('breach', 'Late')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_notices', to='pricing.request')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('request', 'kind'), name='clock_notice_once')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('time_zone', models.CharField(max_length=60)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='pricing.request')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('person', 'starts_at'), name='call_time_given_once'), models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('request',), name='call_one_a_request'), models.CheckConstraint(condition=models.Q(('minutes__range', (15, 120))), name='call_length')],
            },
        ),
        migrations.CreateModel(
            name='RequestDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('typed', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='pricing.request')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['saved_at'], name='request_draft_age')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('request__isnull', False)), fields=('request', 'author'), name='request_draft_once_a_person'), models.UniqueConstraint(condition=models.Q(('request__isnull', True)), fields=('author',), name='request_draft_one_new_a_person'), models.CheckConstraint(condition=models.Q(('request__isnull', False), ('version', 0), _connector='OR'), name='request_draft_of_new_has_no_version')],
            },
        ),
        migrations.CreateModel(
            name='StreamSize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='messages a month')),
                ('peak', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='messages on the busiest day')),
                ('ips', models.PositiveIntegerField(blank=True, null=True, verbose_name='IPs')),
                ('origin', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stream', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='size', to='discovery.stream')),
            ],
            options={
                'ordering': ['stream'],
                'constraints': [models.CheckConstraint(condition=models.Q(('origin__gt', '')), name='stream_size_has_its_origin'), models.CheckConstraint(condition=models.Q(('ips', None), ('ips__gte', 1), _connector='OR'), name='stream_size_sends_from_somewhere')],
            },
        ),
        migrations.CreateModel(
            name='TierChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier_key', models.CharField(max_length=20)),
                ('reason', models.TextField()),
                ('chosen_at', models.DateTimeField()),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tier_choice', to='pricing.quote')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='tier_choice_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='BalanceEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('call', 'Readout call'), ('questions', 'Questions')], max_length=9)),
                ('units', models.IntegerField()),
                ('is_on_us', models.BooleanField(default=False, verbose_name="on the practice's cost")),
                ('left', models.PositiveIntegerField()),
                ('on_day', models.DateField()),
                ('with_whom', models.CharField(max_length=200)),
                ('note', models.TextField()),
                ('booked_at', models.DateTimeField()),
                ('booked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balance_entries', to='engagements.engagement')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='pricing.balanceentry')),
            ],
            options={
                'verbose_name_plural': 'balance entries',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undoes', None), ('units__gt', 0)), models.Q(('undoes__isnull', False), ('units__lt', 0)), _connector='OR'), name='balance_entry_books_or_takes_back'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='balance_entry_says_what')],
            },
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='balanceentry',
            trigger=pgtrigger.compiler.Trigger(name='balance_entry_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='de3bf5a4051c969b1441ce5c59ff9e3ae0405fac', operation='UPDATE OR DELETE', pgid='pgtrigger_balance_entry_append_only_rows_2de43', table='pricing_balanceentry', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='balanceentry',
            trigger=pgtrigger.compiler.Trigger(name='balance_entry_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='ea9088beb7d00a9dc03803f078971012618a2bd3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_balance_entry_append_only_table_b645e', table='pricing_balanceentry', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndafile',
            trigger=pgtrigger.compiler.Trigger(name='nda_file_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4e5bccd1feb6cca3fec199fd59da54fbd7097b1f', operation='UPDATE OR DELETE', pgid='pgtrigger_nda_file_append_only_rows_68062', table='pricing_ndafile', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndafile',
            trigger=pgtrigger.compiler.Trigger(name='nda_file_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='e5f97e62359fa2cff773efe8a1b26a2e6c773d2e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_nda_file_append_only_table_89400', table='pricing_ndafile', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{in_review:open,in_review:replaced,in_review:sent_back,open:replaced,open:signed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='87a3354e0494c680e1a40512d29da590972050c5', operation='UPDATE', pgid='pgtrigger_nda_legal_moves_72f17', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_begins', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.kind, NEW.state) NOT IN (('ours', 'open'), ('theirs', 'in_review'), ('paper', 'signed')) THEN RAISE EXCEPTION 'An NDA of kind % does not begin as %', NEW.kind, NEW.state; END IF; RETURN NEW;", hash='8fa6b4c29623696baa900d03669da18fc94785e2', operation='INSERT', pgid='pgtrigger_nda_begins_c2059', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_text_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.engagement_id, OLD.number, OLD.kind, OLD.digest, OLD.byte_count, OLD.filename, OLD.document_id, OLD.asked_by_id, OLD.asked_at, OLD.signed_on) IS DISTINCT FROM (NEW.engagement_id, NEW.number, NEW.kind, NEW.digest, NEW.byte_count, NEW.filename, NEW.document_id, NEW.asked_by_id, NEW.asked_at, NEW.signed_on) THEN RAISE EXCEPTION 'What an NDA is about stays as it was put up'; END IF; RETURN NEW;", hash='1fdbf7ea945f7546a65e30db7a03df4b5d141e17', operation='UPDATE', pgid='pgtrigger_nda_text_stays_8b6e1', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_signed_by_both_sides', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'signed\')', func="IF (SELECT count(DISTINCT s.side) FROM pricing_ndasignature s WHERE s.nda_id = NEW.id) < 2 THEN RAISE EXCEPTION 'An NDA is signed by both sides'; END IF; RETURN NEW;", hash='c01b5d7be68a9668eca992c2e71b56ac178e203f', operation='UPDATE OF "state"', pgid='pgtrigger_nda_signed_by_both_sides_eecb2', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_outcome_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'signed\', \'sent_back\', \'replaced\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b8f0ef028b90a520ca30cd5258b560459329fd86', operation='UPDATE', pgid='pgtrigger_nda_outcome_stays_8c53f', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='nda',
            trigger=pgtrigger.compiler.Trigger(name='nda_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='df9586dbad00b937cb1b8bcf778030af5aad491f', operation='DELETE', pgid='pgtrigger_nda_is_kept_ffcf7', table='pricing_nda', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndanotice',
            trigger=pgtrigger.compiler.Trigger(name='nda_notice_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c82d1d4db3991c1aa83ad37bfdff3fcab5fc39d', operation='UPDATE OR DELETE', pgid='pgtrigger_nda_notice_append_only_rows_a920f', table='pricing_ndanotice', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndanotice',
            trigger=pgtrigger.compiler.Trigger(name='nda_notice_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='e07f5f1f1dfe80753bb61d71ad1fb9b640749e82', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_nda_notice_append_only_table_38c79', table='pricing_ndanotice', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndasignature',
            trigger=pgtrigger.compiler.Trigger(name='nda_signature_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='434fc243ceff677190f6815401f5cb1a00598787', operation='UPDATE OR DELETE', pgid='pgtrigger_nda_signature_append_only_rows_b3064', table='pricing_ndasignature', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndasignature',
            trigger=pgtrigger.compiler.Trigger(name='nda_signature_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='c746ed7467aac880ea509780af4bead28e145e67', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_nda_signature_append_only_table_f5a99', table='pricing_ndasignature', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='ndasignature',
            trigger=pgtrigger.compiler.Trigger(name='nda_signature_over_its_bytes', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT EXISTS (SELECT 1 FROM pricing_nda n WHERE n.id = NEW.nda_id AND n.state = 'open' AND n.digest = NEW.document_digest) THEN RAISE EXCEPTION 'Only an open NDA is signed, over its own bytes'; END IF; RETURN NEW;", hash='a74b8312b86dab2840c13b0431bfb5f19329649a', operation='INSERT', pgid='pgtrigger_nda_signature_over_its_bytes_4c332', table='pricing_ndasignature', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quote',
            trigger=pgtrigger.compiler.Trigger(name='quote_legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:voided,draft:sent,draft:withdrawn,expired:superseded,sent:accepted,sent:declined,sent:expired,sent:superseded,sent:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='4e7cf7029a1fa1681f2522ddbbadfd4c1beec238', operation='UPDATE', pgid='pgtrigger_quote_legal_moves_3ce18', table='pricing_quote', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quote',
            trigger=pgtrigger.compiler.Trigger(name='quote_figures_stay_as_sent', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.state <> 'draft' AND (OLD.engagement_id, OLD.number, OLD.revision, OLD.reference, OLD.amends_id, OLD.tier_key, OLD.tier_label, OLD.fee, OLD.fee_currency, OLD.total, OLD.total_currency, OLD.calculation, OLD.snapshot, OLD.valid_until, OLD.document_id, OLD.sent_at, OLD.sent_by_id, OLD.sent_to) IS DISTINCT FROM (NEW.engagement_id, NEW.number, NEW.revision, NEW.reference, NEW.amends_id, NEW.tier_key, NEW.tier_label, NEW.fee, NEW.fee_currency, NEW.total, NEW.total_currency, NEW.calculation, NEW.snapshot, NEW.valid_until, NEW.document_id, NEW.sent_at, NEW.sent_by_id, NEW.sent_to) THEN RAISE EXCEPTION 'Quote % was sent: its figures stay', OLD.reference; END IF; RETURN NEW;", hash='763d595ca350b13cc3346a5cb08e90c51d426846', operation='UPDATE', pgid='pgtrigger_quote_figures_stay_as_sent_15c84', table='pricing_quote', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quote',
            trigger=pgtrigger.compiler.Trigger(name='quote_answer_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'declined\', \'superseded\', \'withdrawn\', \'voided\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='43e1fdce300dd18cd293605284c6921ab906f5ed', operation='UPDATE', pgid='pgtrigger_quote_answer_stays_ee967', table='pricing_quote', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quote',
            trigger=pgtrigger.compiler.Trigger(name='quote_acceptance_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.state = 'accepted' AND (NEW.state <> 'voided' OR (OLD.accepted_by_id, OLD.accepted_at, OLD.accepted_digest, OLD.acceptor_label, OLD.receipt, OLD.po_number, OLD.consent_text, OLD.consent_version, OLD.declined_by_id, OLD.declined_at, OLD.decline_reason, OLD.decline_text, OLD.ip_address, OLD.user_agent, OLD.authentication, OLD.time_zone) IS DISTINCT FROM (NEW.accepted_by_id, NEW.accepted_at, NEW.accepted_digest, NEW.acceptor_label, NEW.receipt, NEW.po_number, NEW.consent_text, NEW.consent_version, NEW.declined_by_id, NEW.declined_at, NEW.decline_reason, NEW.decline_text, NEW.ip_address, NEW.user_agent, NEW.authentication, NEW.time_zone)) THEN RAISE EXCEPTION 'pgtrigger: Cannot update rows: the acceptance of % stays', OLD.reference; END IF; RETURN NEW;", hash='8b8d629eb1e688eef6119e9aed0f4c6c5529f1e0', operation='UPDATE', pgid='pgtrigger_quote_acceptance_stays_3a0a0', table='pricing_quote', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quote',
            trigger=pgtrigger.compiler.Trigger(name='quote_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0b1d1be0af33ba5fb0cac411360d1fe0d116572d', operation='DELETE', pgid='pgtrigger_quote_is_kept_c45bb', table='pricing_quote', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='discount',
            trigger=pgtrigger.compiler.Trigger(name='discount_stays_as_sent', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM pricing_quote q WHERE q.state <> 'draft' AND q.id IN (OLD.quote_id, NEW.quote_id)) THEN RAISE EXCEPTION 'The terms of a quote stay as they were sent'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='bfb338372c26166315c3589aba2578992efc1f22', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_discount_stays_as_sent_6908d', table='pricing_discount', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='approval_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1f2c2a3fdd75b958db31dd9a06a266b08ea39b78', operation='UPDATE OR DELETE', pgid='pgtrigger_approval_append_only_rows_d80d1', table='pricing_approval', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='approval_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='fe6c709e6c43fe65af31b08b5adabd6b8c929c47', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_approval_append_only_table_e826d', table='pricing_approval', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='quoteline',
            trigger=pgtrigger.compiler.Trigger(name='quote_lines_stay_as_sent', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM pricing_quote q WHERE q.state <> 'draft' AND q.id IN (CASE TG_OP WHEN 'INSERT' THEN NEW.quote_id ELSE OLD.quote_id END, CASE TG_OP WHEN 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END)) THEN RAISE EXCEPTION 'The lines of a quote stay as they were sent'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='08cbc0ac40a36a1e962261a5aa6bb3c5fcbf28ff', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_quote_lines_stay_as_sent_ca40b', table='pricing_quoteline', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='pause',
            trigger=pgtrigger.compiler.Trigger(name='pause_overlaps_no_other', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM 1 FROM pricing_request r WHERE r.id = NEW.request_id AND r.complete_at <= NEW.paused_at FOR NO KEY UPDATE; IF NOT FOUND THEN RAISE EXCEPTION 'A clock that has not started cannot be paused'; END IF; IF EXISTS (SELECT 1 FROM pricing_pause p WHERE p.request_id = NEW.request_id AND p.id IS DISTINCT FROM NEW.id AND tstzrange(p.paused_at, p.resumed_at) && tstzrange(NEW.paused_at, NEW.resumed_at)) THEN RAISE EXCEPTION 'Two pauses of one clock never overlap'; END IF; RETURN NEW;", hash='08f90bb408468b20daf993631971ad86c9fbccb1', operation='INSERT OR UPDATE', pgid='pgtrigger_pause_overlaps_no_other_91ead', table='pricing_pause', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='pause',
            trigger=pgtrigger.compiler.Trigger(name='pause_stays_as_it_was_told', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.resumed_at IS NOT NULL OR (OLD.request_id, OLD.reason, OLD.paused_by_id, OLD.paused_at) IS DISTINCT FROM (NEW.request_id, NEW.reason, NEW.paused_by_id, NEW.paused_at) THEN RAISE EXCEPTION 'A pause stays as it was told'; END IF; RETURN NEW;", hash='842d320556a2f12441415d89a56e250a47719645', operation='UPDATE', pgid='pgtrigger_pause_stays_as_it_was_told_c2ac9', table='pricing_pause', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='pause',
            trigger=pgtrigger.compiler.Trigger(name='pause_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='256fd9d76836b031a8348d682f2855b7d28e3b9c', operation='DELETE', pgid='pgtrigger_pause_is_kept_9659a', table='pricing_pause', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='pause',
            trigger=pgtrigger.compiler.Trigger(name='pause_table_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is never emptied', TG_TABLE_NAME;", hash='213d0ddd858305b211198b76fa137f90fe5885e7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_pause_table_is_kept_23741', table='pricing_pause', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='clocknotice',
            trigger=pgtrigger.compiler.Trigger(name='clock_notice_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f93a88a1387a58523bd61702d0890ed6b4f4a09', operation='UPDATE OR DELETE', pgid='pgtrigger_clock_notice_append_only_rows_5e670', table='pricing_clocknotice', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='clocknotice',
            trigger=pgtrigger.compiler.Trigger(name='clock_notice_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='71f74de86e2967d8f27064af23374575b127ec48', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_clock_notice_append_only_table_ec242', table='pricing_clocknotice', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='tierchoice',
            trigger=pgtrigger.compiler.Trigger(name='tier_choice_stays_as_sent', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT FROM pricing_quote q WHERE q.state <> 'draft' AND q.id IN (OLD.quote_id, NEW.quote_id)) THEN RAISE EXCEPTION 'The terms of a quote stay as they were sent'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='c85f7bb51d3afc7b86b9ada10e94041124766e29', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_tier_choice_stays_as_sent_821df', table='pricing_tierchoice', when='BEFORE')),
        ),
    ]
