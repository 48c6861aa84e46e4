import core.trigger_operations
import django.db.models.deletion
import django.db.models.expressions
import django_fsm
import djmoney.models.fields
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('engagements', '0001_initial'), ('engagements', '0002_acts_at_rest'), ('engagements', '0003_signing_in_turns'), ('engagements', '0004_receipts_are_documents'), ('engagements', '0005_revoked_and_signed_again'), ('engagements', '0006_reservations_and_reminders'), ('engagements', '0007_the_nda_is_a_document'), ('engagements', '0008_a_plan_alone_ends_with_phase_1'), ('engagements', '0009_comments_on_sections'), ('engagements', '0010_a_plan_has_a_language'), ('engagements', '0011_conditions_fall'), ('engagements', '0012_every_gate_has_a_language'), ('engagements', '0013_who_named_a_signer'), ('engagements', '0014_records_end'), ('engagements', '0015_the_close_report')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('accounts', '__first__'),
        ('core', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=160)),
                ('reason', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DataExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('byte_count', models.PositiveBigIntegerField(default=0)),
                ('row_count', models.PositiveBigIntegerField(default=0)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports_asked', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='accounts.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('expires_at__isnull', True)), models.Q(('done_at__isnull', False), ('expires_at__isnull', False)), _connector='OR'), name='data_export_done_expires'), models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', True), ('person__isnull', False)), models.Q(('organization__isnull', False), ('person__isnull', True)), _connector='OR'), name='data_export_of_a_customer_or_a_person')],
            },
        ),
        migrations.CreateModel(
            name='DataExportPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='engagements.dataexport')),
            ],
            options={
                'ordering': ['export', 'position'],
                'constraints': [models.UniqueConstraint(fields=('export', 'position'), name='data_export_piece_once')],
            },
        ),
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('phase', django_fsm.FSMField(choices=[('intake', 'Intake'), ('discovery', 'Discovery + plan'), ('install', 'Install + config'), ('parallel', 'Parallel delivery'), ('cutover', 'Cutover'), ('monitoring', 'Monitor + handoff'), ('completed', 'Completed'), ('stayed', 'Advised to stay on Postfix'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('on_hold', 'On hold')], default='intake', max_length=50, protected=True)),
                ('phase_before_hold', models.CharField(blank=True, choices=[('intake', 'Intake'), ('discovery', 'Discovery + plan'), ('install', 'Install + config'), ('parallel', 'Parallel delivery'), ('cutover', 'Cutover'), ('monitoring', 'Monitor + handoff'), ('completed', 'Completed'), ('stayed', 'Advised to stay on Postfix'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('on_hold', 'On hold')], max_length=12)),
                ('tier_key', models.CharField(blank=True, max_length=20)),
                ('tier_label', models.CharField(blank=True, max_length=40)),
                ('fee_currency', djmoney.models.fields.CurrencyField(choices=[('XUA', 'ADB Unit of Account'), ('AFN', 'Afghan Afghani'), ('AFA', 'Afghan Afghani (1927–2002)'), ('ALL', 'Albanian Lek'), ('ALK', 'Albanian Lek (1946–1965)'), ('DZD', 'Algerian Dinar'), ('ADP', 'Andorran Peseta'), ('AOA', 'Angolan Kwanza'), ('AOK', 'Angolan Kwanza (1977–1991)'), ('AON', 'Angolan New Kwanza (1990–2000)'), ('AOR', 'Angolan Readjusted Kwanza (1995–1999)'), ('ARA', 'Argentine Austral'), ('ARS', 'Argentine Peso'), ('ARM', 'Argentine Peso (1881–1970)'), ('ARP', 'Argentine Peso (1983–1985)'), ('ARL', 'Argentine Peso Ley (1970–1983)'), ('AMD', 'Armenian Dram'), ('AWG', 'Aruban Florin'), ('AUD', 'Australian Dollar'), ('ATS', 'Austrian Schilling'), ('AZN', 'Azerbaijani Manat'), ('AZM', 'Azerbaijani Manat (1993–2006)'), ('BSD', 'Bahamian Dollar'), ('BHD', 'Bahraini Dinar'), ('BDT', 'Bangladeshi Taka'), ('BBD', 'Barbadian Dollar'), ('BYN', 'Belarusian Ruble'), ('BYB', 'Belarusian Ruble (1994–1999)'), ('BYR', 'Belarusian Ruble (2000–2016)'), ('BEF', 'Belgian Franc'), ('BEC', 'Belgian Franc (convertible)'), ('BEL', 'Belgian Franc (financial)'), ('BZD', 'Belize Dollar'), ('BMD', 'Bermudan Dollar'), ('BTN', 'Bhutanese Ngultrum'), ('BOB', 'Bolivian Boliviano'), ('BOL', 'Bolivian Boliviano (1863–1963)'), ('BOV', 'Bolivian Mvdol'), ('BOP', 'Bolivian Peso'), ('VED', 'Bolívar Soberano'), ('BAM', 'Bosnia-Herzegovina Convertible Mark'), ('BAD', 'Bosnia-Herzegovina Dinar (1992–1994)'), ('BAN', 'Bosnia-Herzegovina New Dinar (1994–1997)'), ('BWP', 'Botswanan Pula'), ('BRC', 'Brazilian Cruzado (1986–1989)'), ('BRZ', 'Brazilian Cruzeiro (1942–1967)'), ('BRE', 'Brazilian Cruzeiro (1990–1993)'), ('BRR', 'Brazilian Cruzeiro (1993–1994)'), ('BRN', 'Brazilian New Cruzado (1989–1990)'), ('BRB', 'Brazilian New Cruzeiro (1967–1986)'), ('BRL', 'Brazilian Real'), ('GBP', 'British Pound'), ('BND', 'Brunei Dollar'), ('BGL', 'Bulgarian Hard Lev'), ('BGN', 'Bulgarian Lev'), ('BGO', 'Bulgarian Lev (1879–1952)'), ('BGM', 'Bulgarian Socialist Lev'), ('BUK', 'Burmese Kyat'), ('BIF', 'Burundian Franc'), ('XPF', 'CFP Franc'), ('KHR', 'Cambodian Riel'), ('CAD', 'Canadian Dollar'), ('CVE', 'Cape Verdean Escudo'), ('KYD', 'Cayman Islands Dollar'), ('XAF', 'Central African CFA Franc'), ('CLE', 'Chilean Escudo'), ('CLP', 'Chilean Peso'), ('CLF', 'Chilean Unit of Account (UF)'), ('CNX', 'Chinese People’s Bank Dollar'), ('CNY', 'Chinese Yuan'), ('CNH', 'Chinese Yuan (offshore)'), ('COP', 'Colombian Peso'), ('COU', 'Colombian Real Value Unit'), ('KMF', 'Comorian Franc'), ('CDF', 'Congolese Franc'), ('CRC', 'Costa Rican Colón'), ('HRD', 'Croatian Dinar'), ('HRK', 'Croatian Kuna'), ('CUC', 'Cuban Convertible Peso'), ('CUP', 'Cuban Peso'), ('CYP', 'Cypriot Pound'), ('CZK', 'Czech Koruna'), ('CSK', 'Czechoslovak Hard Koruna'), ('DKK', 'Danish Krone'), ('DJF', 'Djiboutian Franc'), ('DOP', 'Dominican Peso'), ('NLG', 'Dutch Guilder'), ('XCD', 'East Caribbean Dollar'), ('DDM', 'East German Mark'), ('ECS', 'Ecuadorian Sucre'), ('ECV', 'Ecuadorian Unit of Constant Value'), ('EGP', 'Egyptian Pound'), ('GQE', 'Equatorial Guinean Ekwele'), ('ERN', 'Eritrean Nakfa'), ('EEK', 'Estonian Kroon'), ('ETB', 'Ethiopian Birr'), ('EUR', 'Euro'), ('XBA', 'European Composite Unit'), ('XEU', 'European Currency Unit'), ('XBB', 'European Monetary Unit'), ('XBC', 'European Unit of Account (XBC)'), ('XBD', 'European Unit of Account (XBD)'), ('FKP', 'Falkland Islands Pound'), ('FJD', 'Fijian Dollar'), ('FIM', 'Finnish Markka'), ('FRF', 'French Franc'), ('XFO', 'French Gold Franc'), ('XFU', 'French UIC-Franc'), ('GMD', 'Gambian Dalasi'), ('GEK', 'Georgian Kupon Larit'), ('GEL', 'Georgian Lari'), ('DEM', 'German Mark'), ('GHS', 'Ghanaian Cedi'), ('GHC', 'Ghanaian Cedi (1979–2007)'), ('GIP', 'Gibraltar Pound'), ('XAU', 'Gold'), ('GRD', 'Greek Drachma'), ('GTQ', 'Guatemalan Quetzal'), ('GWP', 'Guinea-Bissau Peso'), ('GNF', 'Guinean Franc'), ('GNS', 'Guinean Syli'), ('GYD', 'Guyanaese Dollar'), ('HTG', 'Haitian Gourde'), ('HNL', 'Honduran Lempira'), ('HKD', 'Hong Kong Dollar'), ('HUF', 'Hungarian Forint'), ('IMP', 'IMP'), ('ISK', 'Icelandic Króna'), ('ISJ', 'Icelandic Króna (1918–1981)'), ('INR', 'Indian Rupee'), ('IDR', 'Indonesian Rupiah'), ('IRR', 'Iranian Rial'), ('IQD', 'Iraqi Dinar'), ('IEP', 'Irish Pound'), ('ILS', 'Israeli New Shekel'), ('ILP', 'Israeli Pound'), ('ILR', 'Israeli Shekel (1980–1985)'), ('ITL', 'Italian Lira'), ('JMD', 'Jamaican Dollar'), ('JPY', 'Japanese Yen'), ('JOD', 'Jordanian Dinar'), ('KZT', 'Kazakhstani Tenge'), ('KES', 'Kenyan Shilling'), ('KWD', 'Kuwaiti Dinar'), ('KGS', 'Kyrgystani Som'), ('LAK', 'Laotian Kip'), ('LVL', 'Latvian Lats'), ('LVR', 'Latvian Ruble'), ('LBP', 'Lebanese Pound'), ('LSL', 'Lesotho Loti'), ('LRD', 'Liberian Dollar'), ('LYD', 'Libyan Dinar'), ('LTL', 'Lithuanian Litas'), ('LTT', 'Lithuanian Talonas'), ('LUL', 'Luxembourg Financial Franc'), ('LUC', 'Luxembourgian Convertible Franc'), ('LUF', 'Luxembourgian Franc'), ('MOP', 'Macanese Pataca'), ('MKD', 'Macedonian Denar'), ('MKN', 'Macedonian Denar (1992–1993)'), ('MGA', 'Malagasy Ariary'), ('MGF', 'Malagasy Franc'), ('MWK', 'Malawian Kwacha'), ('MYR', 'Malaysian Ringgit'), ('MVR', 'Maldivian Rufiyaa'), ('MVP', 'Maldivian Rupee (1947–1981)'), ('MLF', 'Malian Franc'), ('MTL', 'Maltese Lira'), ('MTP', 'Maltese Pound'), ('MRU', 'Mauritanian Ouguiya'), ('MRO', 'Mauritanian Ouguiya (1973–2017)'), ('MUR', 'Mauritian Rupee'), ('MXV', 'Mexican Investment Unit'), ('MXN', 'Mexican Peso'), ('MXP', 'Mexican Silver Peso (1861–1992)'), ('MDC', 'Moldovan Cupon'), ('MDL', 'Moldovan Leu'), ('MCF', 'Monegasque Franc'), ('MNT', 'Mongolian Tugrik'), ('MAD', 'Moroccan Dirham'), ('MAF', 'Moroccan Franc'), ('MZE', 'Mozambican Escudo'), ('MZN', 'Mozambican Metical'), ('MZM', 'Mozambican Metical (1980–2006)'), ('MMK', 'Myanmar Kyat'), ('NAD', 'Namibian Dollar'), ('NPR', 'Nepalese Rupee'), ('ANG', 'Netherlands Antillean Guilder'), ('TWD', 'New Taiwan Dollar'), ('NZD', 'New Zealand Dollar'), ('NIO', 'Nicaraguan Córdoba'), ('NIC', 'Nicaraguan Córdoba (1988–1991)'), ('NGN', 'Nigerian Naira'), ('KPW', 'North Korean Won'), ('NOK', 'Norwegian Krone'), ('OMR', 'Omani Rial'), ('PKR', 'Pakistani Rupee'), ('XPD', 'Palladium'), ('PAB', 'Panamanian Balboa'), ('PGK', 'Papua New Guinean Kina'), ('PYG', 'Paraguayan Guarani'), ('PEI', 'Peruvian Inti'), ('PEN', 'Peruvian Sol'), ('PES', 'Peruvian Sol (1863–1965)'), ('PHP', 'Philippine Peso'), ('XPT', 'Platinum'), ('PLN', 'Polish Zloty'), ('PLZ', 'Polish Zloty (1950–1995)'), ('PTE', 'Portuguese Escudo'), ('GWE', 'Portuguese Guinea Escudo'), ('QAR', 'Qatari Riyal'), ('XRE', 'RINET Funds'), ('RHD', 'Rhodesian Dollar'), ('RON', 'Romanian Leu'), ('ROL', 'Romanian Leu (1952–2006)'), ('RUB', 'Russian Ruble'), ('RUR', 'Russian Ruble (1991–1998)'), ('RWF', 'Rwandan Franc'), ('SVC', 'Salvadoran Colón'), ('WST', 'Samoan Tala'), ('SAR', 'Saudi Riyal'), ('RSD', 'Serbian Dinar'), ('CSD', 'Serbian Dinar (2002–2006)'), ('SCR', 'Seychellois Rupee'), ('SLE', 'Sierra Leonean Leone'), ('SLL', 'Sierra Leonean Leone (1964—2022)'), ('XAG', 'Silver'), ('SGD', 'Singapore Dollar'), ('SKK', 'Slovak Koruna'), ('SIT', 'Slovenian Tolar'), ('SBD', 'Solomon Islands Dollar'), ('SOS', 'Somali Shilling'), ('ZAR', 'South African Rand'), ('ZAL', 'South African Rand (financial)'), ('KRH', 'South Korean Hwan (1953–1962)'), ('KRW', 'South Korean Won'), ('KRO', 'South Korean Won (1945–1953)'), ('SSP', 'South Sudanese Pound'), ('SUR', 'Soviet Rouble'), ('ESP', 'Spanish Peseta'), ('ESA', 'Spanish Peseta (A account)'), ('ESB', 'Spanish Peseta (convertible account)'), ('XDR', 'Special Drawing Rights'), ('LKR', 'Sri Lankan Rupee'), ('SHP', 'St. Helena Pound'), ('XSU', 'Sucre'), ('SDD', 'Sudanese Dinar (1992–2007)'), ('SDG', 'Sudanese Pound'), ('SDP', 'Sudanese Pound (1957–1998)'), ('SRD', 'Surinamese Dollar'), ('SRG', 'Surinamese Guilder'), ('SZL', 'Swazi Lilangeni'), ('SEK', 'Swedish Krona'), ('CHF', 'Swiss Franc'), ('SYP', 'Syrian Pound'), ('STN', 'São Tomé & Príncipe Dobra'), ('STD', 'São Tomé & Príncipe Dobra (1977–2017)'), ('TVD', 'TVD'), ('TJR', 'Tajikistani Ruble'), ('TJS', 'Tajikistani Somoni'), ('TZS', 'Tanzanian Shilling'), ('XTS', 'Testing Currency Code'), ('THB', 'Thai Baht'), ('TPE', 'Timorese Escudo'), ('TOP', 'Tongan Paʻanga'), ('TTD', 'Trinidad & Tobago Dollar'), ('TND', 'Tunisian Dinar'), ('TRY', 'Turkish Lira'), ('TRL', 'Turkish Lira (1922–2005)'), ('TMT', 'Turkmenistani Manat'), ('TMM', 'Turkmenistani Manat (1993–2009)'), ('USD', 'US Dollar'), ('USN', 'US Dollar (Next day)'), ('USS', 'US Dollar (Same day)'), ('UGX', 'Ugandan Shilling'), ('UGS', 'Ugandan Shilling (1966–1987)'), ('UAH', 'Ukrainian Hryvnia'), ('UAK', 'Ukrainian Karbovanets'), ('AED', 'United Arab Emirates Dirham'), ('UYW', 'Uruguayan Nominal Wage Index Unit'), ('UYU', 'Uruguayan Peso'), ('UYP', 'Uruguayan Peso (1975–1993)'), ('UYI', 'Uruguayan Peso (Indexed Units)'), ('UZS', 'Uzbekistani Som'), ('VUV', 'Vanuatu Vatu'), ('VES', 'Venezuelan Bolívar'), ('VEB', 'Venezuelan Bolívar (1871–2008)'), ('VEF', 'Venezuelan Bolívar (2008–2018)'), ('VND', 'Vietnamese Dong'), ('VNN', 'Vietnamese Dong (1978–1985)'), ('CHE', 'WIR Euro'), ('CHW', 'WIR Franc'), ('XOF', 'West African CFA Franc'), ('YDD', 'Yemeni Dinar'), ('YER', 'Yemeni Rial'), ('YUN', 'Yugoslavian Convertible Dinar (1990–1992)'), ('YUD', 'Yugoslavian Hard Dinar (1966–1990)'), ('YUM', 'Yugoslavian New Dinar (1994–2002)'), ('YUR', 'Yugoslavian Reformed Dinar (1992–1993)'), ('ZWN', 'ZWN'), ('ZRN', 'Zairean New Zaire (1993–1998)'), ('ZRZ', 'Zairean Zaire (1971–1993)'), ('ZMW', 'Zambian Kwacha'), ('ZMK', 'Zambian Kwacha (1968–2012)'), ('ZWD', 'Zimbabwean Dollar (1980–2008)'), ('ZWR', 'Zimbabwean Dollar (2008)'), ('ZWL', 'Zimbabwean Dollar (2009–2024)')], default='USD', editable=False, max_length=3, null=True)),
                ('fee', djmoney.models.fields.MoneyField(blank=True, decimal_places=2, default_currency='USD', max_digits=12, null=True)),
                ('is_plan_only', models.BooleanField(default=False)),
                ('target', models.CharField(blank=True, choices=[('powermta', 'PowerMTA'), ('kumomta', 'KumoMTA')], max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('consultants', models.ManyToManyField(blank=True, related_name='assigned_engagements', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_engagements', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='accounts.organization')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('phase', 'on_hold'), models.Q(('phase_before_hold', ''), _negated=True)), models.Q(models.Q(('phase', 'on_hold'), _negated=True), ('phase_before_hold', '')), _connector='OR'), name='engagement_on_hold_remembers_its_phase')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('sealed_names', models.BinaryField(blank=True)),
                ('counts', models.JSONField(default=dict)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures_asked', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='accounts.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', True), ('person__isnull', False)), models.Q(('organization__isnull', False), ('person__isnull', True)), _connector='OR'), name='erasure_of_a_customer_or_a_person'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('sealed_names', b''), _connector='OR'), name='erasure_done_keeps_no_names')],
            },
        ),
        migrations.CreateModel(
            name='FrozenDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('plan', 'Migration plan'), ('phase_record', 'Phase record'), ('quote', 'Quote'), ('stay_advice', 'Advice to stay on Postfix'), ('receipt', 'Receipt of signatures'), ('nda', 'Bilateral NDA'), ('close_report', 'Close report')], max_length=16)),
                ('reference', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=160)),
                ('pdf', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('byte_count', models.PositiveIntegerField()),
                ('page_count', models.PositiveIntegerField()),
                ('snapshot', models.JSONField()),
                ('snapshot_digest', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField()),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='engagements.engagement')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['engagement', 'kind', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('state', django_fsm.FSMField(choices=[('locked', 'Cannot start yet'), ('open', 'Open'), ('submitted', 'Waiting for signatures'), ('changes_requested', 'Changes requested'), ('signed', 'Signed')], default='locked', max_length=50, protected=True)),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], default='en', max_length=2)),
                ('external_reference', models.CharField(blank=True, max_length=80)),
                ('current_document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.frozendocument')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='engagements.engagement')),
            ],
            options={
                'ordering': ['engagement', 'number'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'number'), name='gate_one_per_phase'), models.CheckConstraint(condition=models.Q(('number__range', (1, 5))), name='gate_number_is_1_to_5'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='gate_language_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['submitted', 'signed']), _negated=True), ('current_document__isnull', False), _connector='OR'), name='gate_is_signed_over_a_document')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.AddField(
            model_name='frozendocument',
            name='gate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='engagements.gate'),
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='engagements.frozendocument')),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='engagements.gate')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('given_by', models.F('given_to')), _negated=True), name='delegation_to_somebody_else'), models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='delegation_says_why')],
            },
        ),
        migrations.CreateModel(
            name='CheckOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_key', models.CharField(max_length=60)),
                ('reason', models.TextField()),
                ('said', models.JSONField(default=list)),
                ('overridden_at', models.DateTimeField()),
                ('overridden_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='engagements.gate')),
            ],
            options={
                'ordering': ['gate', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('requested_at', models.DateTimeField()),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='change_requests', to='engagements.frozendocument')),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='change_requests', to='engagements.gate')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='GateTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=160)),
                ('explanation', models.TextField(blank=True)),
                ('party', models.CharField(choices=[('consultancy', 'Consultancy'), ('customer', 'Customer'), ('joint', 'Both')], max_length=12)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('evidence', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('fell_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='engagements.gate')),
            ],
            options={
                'ordering': ['gate', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('gate', 'key'), name='gate_task_once_a_key'), models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', True), ('done_at__isnull', True)), models.Q(('done_by__isnull', False), ('done_at__isnull', False)), _connector='OR'), name='gate_task_done_whole'), models.CheckConstraint(condition=models.Q(('fell_at', None), ('key__startswith', 'condition-'), _connector='OR'), name='gate_task_falls_as_a_condition')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_because', models.TextField(blank=True)),
                ('engagement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='engagements.engagement')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds_lifted', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='accounts.organization')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds_set', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lifted_by__isnull', True), ('lifted_at__isnull', True)), models.Q(('lifted_by__isnull', False), ('lifted_at__isnull', False)), _connector='OR'), name='legal_hold_lifted_whole'), models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('organization', 'engagement'), name='legal_hold_stands_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='PartRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authentication', models.CharField(max_length=120)),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('user_agent', models.CharField(blank=True, max_length=400)),
                ('time_zone', models.CharField(blank=True, max_length=60)),
                ('released_at', models.DateTimeField()),
                ('authenticated_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('held', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='engagements.heldpart')),
                ('released_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(blank=True, max_length=160)),
                ('about_url', models.CharField(blank=True, max_length=200)),
                ('section', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField()),
                ('is_blocking', models.BooleanField(default=False, verbose_name='blocks the signature')),
                ('asked_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='engagements.engagement')),
                ('gate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='engagements.gate')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_by__isnull', True), ('resolved_at__isnull', True)), models.Q(('resolved_by__isnull', False), ('resolved_at__isnull', False)), _connector='OR'), name='question_resolved_whole'), models.CheckConstraint(condition=models.Q(models.Q(('gate__isnull', True), ('section', '')), models.Q(('gate__isnull', False), models.Q(('section', ''), _negated=True)), _connector='OR'), name='question_on_a_section_of_a_gate')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first', 'First reminder'), ('second', 'Second reminder'), ('escalation', 'Escalation to the lead'), ('standstill', 'Gate stands still')], max_length=10)),
                ('since', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='engagements.gate')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('gate', 'about', 'kind', 'since'), name='reminder_once_each')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='engagements.question')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'replies',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RequiredSigner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('turn', models.PositiveSmallIntegerField(default=1)),
                ('named_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='required_signers', to='engagements.frozendocument')),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='required_signers', to='engagements.gate')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='required_signatures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['turn', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('document', 'user'), name='required_signer_once'), models.CheckConstraint(condition=models.Q(('turn__range', (1, 9))), name='required_signer_turn_is_1_to_9'), models.CheckConstraint(condition=models.Q(('user', models.F('named_by')), _negated=True), name='required_signer_is_named_by_another')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('planned', models.JSONField(default=dict)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('erased', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('done_at', None)), name='retention_round_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='SchedulePhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('planned_start', models.DateField()),
                ('planned_end', models.DateField()),
                ('minimum_weeks', models.PositiveSmallIntegerField(default=0)),
                ('actual_start', models.DateField(blank=True, null=True)),
                ('actual_end', models.DateField(blank=True, null=True)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedule', to='engagements.engagement')),
            ],
            options={
                'ordering': ['engagement', 'number'],
                'constraints': [models.UniqueConstraint(fields=('engagement', 'number'), name='schedule_phase_once'), models.CheckConstraint(condition=models.Q(('planned_end__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('planned_start'), '+', django.db.models.expressions.CombinedExpression(models.F('minimum_weeks'), '*', models.Value(7))), '-', models.Value(1)))), name='schedule_phase_never_below_its_minimum'), models.CheckConstraint(condition=models.Q(('actual_end__isnull', True), models.Q(('actual_end__gte', models.F('actual_start')), ('actual_start__isnull', False)), _connector='OR'), name='schedule_phase_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
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
                ('external_reference', models.CharField(blank=True, max_length=80)),
                ('named_by', models.CharField(blank=True, max_length=520)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signoffs', to='engagements.frozendocument')),
                ('gate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signoffs', to='engagements.gate')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='engagements.signoff')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signoffs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('document', 'signed_by'), name='signoff_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Revocation',
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
                ('reason', models.TextField()),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revocations', to=settings.AUTH_USER_MODEL)),
                ('signoff', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='engagements.signoff')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='revocation_says_why')],
            },
        ),
        migrations.AddField(
            model_name='heldpart',
            name='signoff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_parts', to='engagements.signoff'),
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('due_on', models.DateField()),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='condition', to='engagements.gatetask')),
                ('signoff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='engagements.signoff')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text__gt', '')), name='condition_says_what')],
            },
        ),
        migrations.CreateModel(
            name='StaleMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marked_at', models.DateTimeField()),
                ('changes', models.JSONField()),
                ('signoff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stale_marks', to='engagements.signoff')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('signoff',), name='stale_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=30)),
                ('before', models.CharField(max_length=20)),
                ('after', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='engagements.engagement')),
                ('gate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='engagements.gate')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='frozendocument',
            index=models.Index(fields=['digest'], name='document_digest'),
        ),
        migrations.AddConstraint(
            model_name='frozendocument',
            constraint=models.UniqueConstraint(fields=('engagement', 'reference', 'version'), name='document_version_once'),
        ),
        migrations.AddConstraint(
            model_name='heldpart',
            constraint=models.UniqueConstraint(fields=('signoff', 'key'), name='held_part_once_a_signature'),
        ),
        migrations.AddConstraint(
            model_name='heldpart',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='held_part_says_why'),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."phase", \':\', NEW."phase") = ANY(\'{cutover:cancelled,cutover:monitoring,cutover:on_hold,discovery:cancelled,discovery:completed,discovery:install,discovery:on_hold,discovery:stayed,install:cancelled,install:on_hold,install:parallel,intake:cancelled,intake:declined,intake:discovery,intake:on_hold,intake:stayed,monitoring:cancelled,monitoring:completed,monitoring:on_hold,on_hold:cancelled,on_hold:cutover,on_hold:discovery,on_hold:install,on_hold:intake,on_hold:monitoring,on_hold:parallel,parallel:cancelled,parallel:cutover,parallel:on_hold}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."phase" IS DISTINCT FROM NEW."phase") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "phase" from "%" to "%" on table %\', OLD."phase", NEW."phase", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='e87052555214811964684dd847268271f344d94b', operation='UPDATE', pgid='pgtrigger_engagement_legal_moves_76612', table='engagements_engagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_begins_at_intake', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."phase" = \'intake\'))', func="RAISE EXCEPTION 'An engagement begins at intake';", hash='ef6a963bad2b46d34e99ab8e532cf6c7ff2929df', operation='INSERT', pgid='pgtrigger_engagement_begins_at_intake_642d2', table='engagements_engagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_keeps_the_held_phase', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."phase" = (OLD."phase") AND NOT (NEW."phase_before_hold" = (OLD."phase_before_hold")))', func="RAISE EXCEPTION 'The phase an engagement was held in does not change while it is held';", hash='23b97b69aca50a47573dd0961c85c9d9010d01cb', operation='UPDATE OF "phase_before_hold"', pgid='pgtrigger_engagement_keeps_the_held_phase_bbcf0', table='engagements_engagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_resumes_where_it_held', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."phase" = \'on_hold\' AND NOT (NEW."phase" = \'cancelled\'))', func="IF NEW.phase NOT IN (OLD.phase_before_hold, OLD.phase) THEN RAISE EXCEPTION 'An engagement resumes in the phase it was held in'; END IF; RETURN NEW;", hash='efd50088b1fc83de9ad23ba12dd9fcd6d0610faa', operation='UPDATE OF "phase"', pgid='pgtrigger_engagement_resumes_where_it_held_24a0a', table='engagements_engagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_needs_the_signed_gate', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed')) AND NEW.is_plan_only <> (NEW.phase = 'completed') THEN RAISE EXCEPTION 'A plan alone ends with phase 1, and nothing else does'; END IF; IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed'),('install','parallel'),('parallel','cutover'),('cutover','monitoring'),('monitoring','completed')) AND NOT EXISTS (SELECT 1 FROM engagements_gate g WHERE g.engagement_id = NEW.id AND g.state = 'signed' AND g.number = array_position(ARRAY['discovery','install','parallel','cutover','monitoring'], OLD.phase::text)) THEN RAISE EXCEPTION 'The gate of phase % is not signed', OLD.phase; END IF; RETURN NEW;", hash='83982bc0b1a3ea88a3e5b018940ec3442a601d52', operation='UPDATE OF "phase"', pgid='pgtrigger_engagement_needs_the_signed_gate_75adb', table='engagements_engagement', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='gate_legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{changes_requested:open,changes_requested:submitted,locked:open,open:submitted,signed:open,submitted:changes_requested,submitted:open,submitted:signed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f20f0e172e85007dfa867d914f1b12079a2102ca', operation='UPDATE', pgid='pgtrigger_gate_legal_moves_e62e3', table='engagements_gate', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='gate_begins_locked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'locked\'))', func="RAISE EXCEPTION 'A gate begins locked';", hash='2f025b9d4b5b1cec7c7c5fe50bf5ad3b9c432df4', operation='INSERT', pgid='pgtrigger_gate_begins_locked_8c482', table='engagements_gate', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='gate',
            trigger=pgtrigger.compiler.Trigger(name='gate_signed_by_every_required_signer', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'signed\')', func="IF NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.document_id = NEW.current_document_id) OR EXISTS (SELECT 1 FROM engagements_requiredsigner r WHERE r.document_id = NEW.current_document_id AND NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.document_id = r.document_id AND s.signed_by_id = r.user_id AND NOT EXISTS (SELECT 1 FROM engagements_revocation v WHERE v.signoff_id = s.id))) THEN RAISE EXCEPTION 'A required signature is missing'; END IF; RETURN NEW;", hash='86053c8da92771bc0c2fe748151925f9256e341d', operation='UPDATE OF "state"', pgid='pgtrigger_gate_signed_by_every_required_signer_a4466', table='engagements_gate', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='frozendocument',
            trigger=pgtrigger.compiler.Trigger(name='frozen_document_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f313f13b674397566a30bf5cf50a5ac2de61a993', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_document_append_only_rows_b946e', table='engagements_frozendocument', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='frozendocument',
            trigger=pgtrigger.compiler.Trigger(name='frozen_document_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='ca91f55169d365cb6fb15cbee75efe13c34abf76', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_frozen_document_append_only_table_e4af0', table='engagements_frozendocument', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delegation_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3abc16136cb6f3da615031bedea981407ffa04cc', operation='UPDATE OR DELETE', pgid='pgtrigger_delegation_append_only_rows_fd929', table='engagements_delegation', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delegation_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='97415a7838ef706a6a2a352fd9a0a761ee3ce47d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_delegation_append_only_table_3a6da', table='engagements_delegation', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='checkoverride',
            trigger=pgtrigger.compiler.Trigger(name='check_override_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f2fb37844ff9150db0e047113bacd7ca6a8eaad5', operation='UPDATE OR DELETE', pgid='pgtrigger_check_override_append_only_rows_af103', table='engagements_checkoverride', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='checkoverride',
            trigger=pgtrigger.compiler.Trigger(name='check_override_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='c5264731077e89ed28aa253cd25bf6161c98708e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_check_override_append_only_table_b9928', table='engagements_checkoverride', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='changerequest',
            trigger=pgtrigger.compiler.Trigger(name='change_request_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2a6752157edcc9d49490073bedffe543b0dd22e2', operation='UPDATE OR DELETE', pgid='pgtrigger_change_request_append_only_rows_b2756', table='engagements_changerequest', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='changerequest',
            trigger=pgtrigger.compiler.Trigger(name='change_request_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='97acbf377f4aa05178bd49bdb49a0fddc2607768', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_change_request_append_only_table_eae59', table='engagements_changerequest', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='partrelease',
            trigger=pgtrigger.compiler.Trigger(name='part_release_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='58b9c4d43ef030da8c64936b88234c8685a822e6', operation='UPDATE OR DELETE', pgid='pgtrigger_part_release_append_only_rows_f7976', table='engagements_partrelease', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='partrelease',
            trigger=pgtrigger.compiler.Trigger(name='part_release_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='76f964de438cfa5c7411c15c543be29c7282094e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_part_release_append_only_table_41d38', table='engagements_partrelease', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='reminder_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d16123f69840c27b5f32af6fc4d9e4370ff55b8e', operation='UPDATE OR DELETE', pgid='pgtrigger_reminder_append_only_rows_21540', table='engagements_reminder', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='reminder_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='9c22363e6c24b1245f3d16582066cdf811e0ed1e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_reminder_append_only_table_3502f', table='engagements_reminder', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='requiredsigner',
            trigger=pgtrigger.compiler.Trigger(name='required_signer_is_the_customers', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.user_id AND m.organization_kind = 'consultancy') THEN RAISE EXCEPTION 'Nobody of the consultancy signs for a customer' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='173977264b1d060eac73ada423421b7603ebac12', operation='INSERT OR UPDATE OF "user_id"', pgid='pgtrigger_required_signer_is_the_customers_2aebc', table='engagements_requiredsigner', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='signoff',
            trigger=pgtrigger.compiler.Trigger(name='signoff_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93c2c9fe09a5c70d85a7d67e627bea137df9f7ed', operation='UPDATE OR DELETE', pgid='pgtrigger_signoff_append_only_rows_928ae', table='engagements_signoff', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='signoff',
            trigger=pgtrigger.compiler.Trigger(name='signoff_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='4bc0364d1eaaa694d7a00cb25b6d9cfbbd2b42f1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_signoff_append_only_table_7e27d', table='engagements_signoff', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='signoff',
            trigger=pgtrigger.compiler.Trigger(name='signoff_by_whose_turn_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.signed_by_id AND m.organization_kind = 'consultancy') THEN RAISE EXCEPTION 'Nobody of the consultancy signs for a customer' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM engagements_frozendocument d WHERE d.id = NEW.document_id AND d.frozen_by_id = NEW.signed_by_id) THEN RAISE EXCEPTION 'Whoever froze a document does not sign it' USING ERRCODE = 'check_violation'; END IF; IF NOT EXISTS (SELECT 1 FROM engagements_requiredsigner r WHERE r.document_id = NEW.document_id AND r.user_id = NEW.signed_by_id) THEN RAISE EXCEPTION 'Only somebody who was asked signs' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM engagements_requiredsigner r JOIN engagements_requiredsigner e ON e.document_id = r.document_id AND e.turn < r.turn WHERE r.document_id = NEW.document_id AND r.user_id = NEW.signed_by_id AND NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.document_id = e.document_id AND s.signed_by_id = e.user_id)) THEN RAISE EXCEPTION 'Somebody else signs first' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='d23f2b8b09b8b7f8f604dac094c3859c77f7b086', operation='INSERT', pgid='pgtrigger_signoff_by_whose_turn_it_is_2500f', table='engagements_signoff', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='revocation',
            trigger=pgtrigger.compiler.Trigger(name='revocation_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ba9309f804f7deac2eae12d26e60a6958239ea61', operation='UPDATE OR DELETE', pgid='pgtrigger_revocation_append_only_rows_6a123', table='engagements_revocation', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='revocation',
            trigger=pgtrigger.compiler.Trigger(name='revocation_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='36d1249588f2283a4c2bba5399092369f41d5c4f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_revocation_append_only_table_6d22a', table='engagements_revocation', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='revocation',
            trigger=pgtrigger.compiler.Trigger(name='revocation_by_who_signed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.id = NEW.signoff_id AND s.signed_by_id = NEW.signed_by_id) THEN RAISE EXCEPTION 'Only whoever signed revokes the signature' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='c7ee3e26b6e3c875ceb8f68dd29d7215b6d5b5bc', operation='INSERT', pgid='pgtrigger_revocation_by_who_signed_179b4', table='engagements_revocation', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='heldpart',
            trigger=pgtrigger.compiler.Trigger(name='held_part_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6690f033cbce2e27632acbc5bac6f96c43248da9', operation='UPDATE OR DELETE', pgid='pgtrigger_held_part_append_only_rows_4a1a1', table='engagements_heldpart', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='heldpart',
            trigger=pgtrigger.compiler.Trigger(name='held_part_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='09aaefdd3e9f0cde1fe4887e5d418061d7463ede', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_held_part_append_only_table_8965a', table='engagements_heldpart', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='condition',
            trigger=pgtrigger.compiler.Trigger(name='condition_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9ab803a0efba62b83e85be7c3a2287d5ae4c349', operation='UPDATE OR DELETE', pgid='pgtrigger_condition_append_only_rows_10cb6', table='engagements_condition', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='condition',
            trigger=pgtrigger.compiler.Trigger(name='condition_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='614abe38f199f7cbbf0757aeb73c366310062a97', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_condition_append_only_table_2c1f2', table='engagements_condition', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='stalemark',
            trigger=pgtrigger.compiler.Trigger(name='stale_mark_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='820bddb555e9920cca00f5e0593b8eaa9d967706', operation='UPDATE OR DELETE', pgid='pgtrigger_stale_mark_append_only_rows_dd757', table='engagements_stalemark', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='stalemark',
            trigger=pgtrigger.compiler.Trigger(name='stale_mark_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='aa2677a3ca9b5fb9b83745ab5556f3d3e6fc3c45', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_stale_mark_append_only_table_67f0e', table='engagements_stalemark', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='transition',
            trigger=pgtrigger.compiler.Trigger(name='transition_append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='428dc3160bfa0263ff4d406875f47ff3b08d4b3f', operation='UPDATE OR DELETE', pgid='pgtrigger_transition_append_only_rows_f9931', table='engagements_transition', when='BEFORE')),
        ),
        core.trigger_operations.PlaceTrigger(
            model_name='transition',
            trigger=pgtrigger.compiler.Trigger(name='transition_append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;", hash='f68fb31e5acd6c1f13a894919fad2ca7e3ed6fd4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_transition_append_only_table_172f1', table='engagements_transition', when='BEFORE')),
        ),
    ]
