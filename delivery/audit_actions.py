"""What delivery writes into the ledger. Loaded by DeliveryConfig.ready()."""

from accounts.permissions import Permission
from core.audit import register_actions
from engagements.records import tell_only_with

register_actions(
    {
        "preflight.asked": "{subject} asked DNS {questions} questions about {translation}; not known: {unknown}, "
        "problems: {problems}",
        "preflight.stated": "{actor} stated that this holds: {title}",
        "preflight.withdrawn": "{actor} withdrew the statement on: {title}",
        "preflight.key_noted": "{actor} noted the public key of {subject}",
        "traffic.received": "{actor} uploaded {subject}: {filename}",
        "traffic.withdrawn": "{actor} withdrew {subject}; its bytes are gone",
        "journal_key.set": "{actor} set the key to the recipients of the proxy's journal",
        "journal_key.removed": "{actor} removed the key to the recipients of the proxy's journal",
        "traffic.reconciled": "{subject} held the logs against each other; discrepancies: {discrepancies}, "
        "of them new: {new}",
        "case.opened": "{subject} was opened by {run}: {title}; messages: {count}",
        "case.grown": "{subject} grew with {run}: {title}; messages: {count}",
        "case.taken": "{actor} took {subject}: {title}",
        "case.closed": "{actor} closed {subject} as {verdict}: {reason} What shows it: {evidence}",
        "webhook.set": "{actor} set the webhook to the customer's own systems: {url} (digest {digest})",
        "webhook.removed": "{actor} removed the webhook to {url}",
        "webhook.given_up": "{subject} of the webhook was given up: {said}",
        "webhook.replayed": "{actor} had {subject} of the webhook sent again; rows: {count}",
        "mailbox.set": "{actor} set {subject}: {username} at {host}, {folder}",
        "mailbox.paused": "{actor} paused {subject}",
        "mailbox.resumed": "{actor} had {subject} read again",
        "mailbox.removed": "{actor} removed {subject}: {username} at {host}, {folder}",
        "mailbox.failed": "{subject} cannot be read: {said}",
        "mailbox.anew": "{subject} was put up anew by its server and is read from its beginning",
        "warm_up.set": "{actor} set the warm-up of pool {pool}: {addresses} new addresses from {begins} at {providers}",
        "warm_up.removed": "{actor} removed the warm-up of pool {pool}",
        "baseline.frozen": "{actor} froze {subject}: {first} to {last}, {days} days with figures (short: {short}), "
        "SHA-256 {digest}",
        "watch.agreed": "{actor} entered {subject}: {days} days from {begins} against {baseline}. {why}",
        "card.opened": "{subject} was opened for {about}: {title}. {said}",
        "card.acknowledged": "{actor} acknowledged {subject}, {title}: {words}",
        "card.escalated": "{actor} escalated {subject}, {title}, to {to}: {words}",
        "card.closed": "{actor} closed {subject}, {title}; cause: {cause}. {words}",
        "seeds.received": "{actor} uploaded {subject}, {filename}: {lines} lines, {strange} not understood",
        "line.set": "{actor} set the line to the proxy: {url}",
        "line.removed": "{actor} removed the line to the proxy at {url}",
        "ramp.opened": "{actor} opened {subject} for {title}",
        "ramp.approved": "{actor} said yes to {share} % for {title}",
        "ramp.asked": "{actor} asked for {share} % of {title}, {previous} % before: {why}",
        "ramp.changed": "{title} went from {previous} % to {share} %. {said} Why: {why}",
        "ramp.failed": "{title} stayed at {previous} %; {share} % was not done. {said}",
        "ramp.silent": "Nobody knows whether the proxy took {share} % for {title}. {said}",
        "ramp.checked": "{title} at {share} %: old against new, {outcome}",
        "rollback.started": "{actor} started {subject}",
        "rollback.silent": "The proxy was not told of {subject}: {said}",
        "rollback.step": "{actor} did a step of {subject}: {title}",
        "rollback.ended": "{subject} came to its end after {took}. {said}",
        "rollback.explained": "{actor} said what led to {subject}: {reason}",
        "rollback.resumed": "After {subject} the proxy was told to resume. {said}",
        "trigger.crossed": "{subject} was opened: {title}. {said}",
        "trigger.decided": "{actor} decided {subject}, {title}: {choice}. {reason}",
        "trigger.added": "{actor} added the trigger {title}: {figure} from {limit} % on",
        "trigger.removed": "{actor} removed the trigger {title}",
        "cutover.planned": "{actor} planned {subject} of {title}, with a window of {days} days",
        "cutover.step": "{actor} did a step of {subject}: {title}. {evidence}",
        "cutover.frozen": "{actor} froze the configuration of Postfix for {subject}: {digest}",
        "cutover.counted": "{actor} counted the messages in the queue of {side}: {count}",
        "cutover.done": "{actor} ended {subject}; one can go back until {ends}",
        "cutover.fallen_back": "{subject} fell back to Postfix: {why}",
        "cutover.armed": "The way back of {subject} was checked on {day}; it holds: {holds}",
        "window.signed": "{actor} signed for the {party} that the window of {subject} closes early: {reason}",
        "window.closed": "The window of {subject} is closed: both sides signed",
        "cutover.decommissioned": "{actor} answered what becomes of what Postfix leaves behind, after {subject}",
        "case.reopened": "{actor} opened {subject} again: {reason}",
        "feedback.received": "{actor} handed over {filename} with what came back of sent mail, {byte_count} bytes",
        "feedback.read": "{subject} was read: {new} new, {known} known before, {passed} about something else, "
        "{strange} not understood",
        "feedback.refused": "{subject} was refused: {refusal}",
        "feedback.taken": "{new} bounces and complaints were stored, {known} were known; addresses given up: {hard}",
        "suppression.added": "{actor} put an address on the suppression list ({subject}): {reason}",
        "suppression.lifted": "{actor} took an address off the suppression list ({subject}): {reason}",
        "suppression.imported": "{actor} imported a suppression list: {new} new, {known} known, "
        "{strange} not understood",
    }
)

tell_only_with(Permission.VIEW_EVIDENCE, "mailbox.", "warm_up.")
