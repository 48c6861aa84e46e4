import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


def note_what_was_agreed(apps, schema_editor):
    """Engagements whose schedule has phase 1 alone, and that have not gone beyond it."""
    phases = apps.get_model("engagements", "SchedulePhase").objects
    more = phases.filter(number__gt=1).values("engagement")
    alone = phases.filter(number=1).exclude(engagement__in=more).values("engagement")
    plain = {"phase__in": ["intake", "discovery", "on_hold"], "phase_before_hold__in": ["", "intake", "discovery"]}
    apps.get_model("engagements", "Engagement").objects.filter(pk__in=alone, **plain).update(is_plan_only=True)



class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0007_the_nda_is_a_document'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='engagement',
            name='engagement_legal_moves',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='engagement',
            name='engagement_needs_the_signed_gate',
        ),
        migrations.AddField(
            model_name='engagement',
            name='is_plan_only',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(note_what_was_agreed, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."phase", \':\', NEW."phase") = ANY(\'{cutover:cancelled,cutover:monitoring,cutover:on_hold,discovery:cancelled,discovery:completed,discovery:install,discovery:on_hold,discovery:stayed,install:cancelled,install:on_hold,install:parallel,intake:cancelled,intake:declined,intake:discovery,intake:on_hold,intake:stayed,monitoring:cancelled,monitoring:completed,monitoring:on_hold,on_hold:cancelled,on_hold:cutover,on_hold:discovery,on_hold:install,on_hold:intake,on_hold:monitoring,on_hold:parallel,parallel:cancelled,parallel:cutover,parallel:on_hold}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."phase" IS DISTINCT FROM NEW."phase") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "phase" from "%" to "%" on table %\', OLD."phase", NEW."phase", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='e87052555214811964684dd847268271f344d94b', operation='UPDATE', pgid='pgtrigger_engagement_legal_moves_76612', table='engagements_engagement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='engagement_needs_the_signed_gate', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed')) AND NEW.is_plan_only <> (NEW.phase = 'completed') THEN RAISE EXCEPTION 'A plan alone ends with phase 1, and nothing else does'; END IF; IF (OLD.phase, NEW.phase) IN (('discovery','install'),('discovery','completed'),('install','parallel'),('parallel','cutover'),('cutover','monitoring'),('monitoring','completed')) AND NOT EXISTS (SELECT 1 FROM engagements_gate g WHERE g.engagement_id = NEW.id AND g.state = 'signed' AND g.number = array_position(ARRAY['discovery','install','parallel','cutover','monitoring'], OLD.phase::text)) THEN RAISE EXCEPTION 'The gate of phase % is not signed', OLD.phase; END IF; RETURN NEW;", hash='83982bc0b1a3ea88a3e5b018940ec3442a601d52', operation='UPDATE OF "phase"', pgid='pgtrigger_engagement_needs_the_signed_gate_75adb', table='engagements_engagement', when='BEFORE')),
        ),
    ]
