"""What the spine writes into the ledger, and how its history rows read. Loaded by EngagementsConfig.ready()."""

from core.audit import register_actions
from engagements.records import tell_only_the_practice

register_actions(
    {
        "engagement.opened": "{actor} opened the engagement {subject}",
        "engagement.moved": "{actor} moved the engagement from “{moved_from}” to “{moved_to}”",
        "engagement.staffed": "{actor} set the team: {team}",
        "engagement.target_chosen": "{actor} chose {after} as the target: {reason}",
        "gate.moved": "{actor} moved gate {gate} from “{moved_from}” to “{moved_to}”",
        "gate.check_overridden": "{actor} passed the check “{check}”: {reason}",
        "gate.signers_named": "{actor} asked {signers} to sign phase {gate}",
        "gate.signature_delegated": "{actor} handed their signature on phase {gate} over to {to}: {reason}",
        "gate.condition_set": "{actor} signed ({signature}) on the condition, due {due_on}: {text}",
        "gate.condition_fell": "{actor} let the condition of {signature} fall with {by}: {text}",
        "gate.part_held": "{actor} held {part} back when signing phase {gate}: {reason}",
        "gate.hold_ended": "{actor} no longer holds {part} back, held with {held_with}, by signing again ({signature})",
        "gate.part_released": "{actor} approved {part}, which was held at phase {gate}",
        "gate.reference_noted": "{actor} noted {reference} as the customer's reference of gate {gate}",
        "gate.signer_reminded": "{signer} was reminded of phase {gate} ({kind})",
        "gate.signer_lost_duty": "{signer} lost the duty to sign phase {gate} since they were asked; the lead was told",
        "task.done": "{actor} completed “{title}”",
        "task.undone": "{actor} opened “{title}” again",
        "document.frozen": "{actor} froze {title}, version {version}, SHA-256 {digest}",
        "document.signed": "{actor} signed {title}, version {version}, as {typed_name} ({reference})",
        "document.signature_revoked": "{actor} revoked signature {signature} on {title}, version {version}: {reason}",
        "document.changes_requested": "{actor} requested changes to {title}, version {version}: {reason}",
        "document.stale": "{title}, version {version}, no longer tells what holds: {first_change}",
        "evidence.exported": "{actor} took an evidence pack away: {events} events, {documents} documents",
        "schedule.made": "{actor} set the schedule: {first} to {last}",
        "question.asked": "{actor} asked: {text}",
        "question.answered": "{actor} answered question {question}",
        "question.resolved": "{actor} closed question {question}",
        "endpoint.set": "{actor} set the webhook {subject} of {organization} (digest {digest}): {kinds}",
        "endpoint.changed": "{actor} changed the webhook {subject} of {organization}: {kinds}",
        "endpoint.secret_renewed": "{actor} had a new secret made for the webhook {subject} of {organization}",
        "endpoint.enabled": "{actor} switched the webhook {subject} of {organization} on again",
        "endpoint.disabled": "The webhook {subject} of {organization} was switched off. {because}",
        "endpoint.removed": "{actor} removed the webhook {subject} of {organization}",
        "endpoint.given_up": "{kind} {event} was given up for the webhook {subject} of {organization}: {said}",
        "endpoint.pinged": "{actor} tested the webhook {subject} of {organization}",
        "endpoint.replayed": "{actor} had {count} deliveries of the webhook {subject} of {organization} sent again",
        "hold.set": "{actor} set a legal hold on {scope}: {reason}",
        "hold.lifted": "{actor} lifted the legal hold on {scope}: {reason}",
        "records.export_asked": "{actor} asked for everything that is kept about {subject}",
        "records.exported": "What is kept about {subject} was packed for {actor}: {rows} rows, SHA-256 {digest}",
        "records.taken": "{actor} took the pack of {subject} away",
        "records.erasure_asked": "{actor} asked to erase {subject}",
        "records.erased": "{actor} erased {subject}: {rows} rows gone, {people} people",
        "retention.told": "The next round of retention erases {rows} rows after {due}",
        "retention.ended": "A round of retention erased {rows} rows whose time had come",
    }
)

tell_only_the_practice("hold.")
