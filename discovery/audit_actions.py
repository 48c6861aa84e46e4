"""What discovery writes into the ledger. Loaded by DiscoveryConfig.ready()."""

from core.audit import register_actions

register_actions(
    {
        "upload.received": "{actor} uploaded {filename} for {host} ({byte_count} bytes, SHA-256 {sha256})",
        "upload.read": "{subject} was read: {files} files, {secrets} secrets hidden, {new} new findings",
        "upload.repeated": "{subject} holds the same files as upload {same_as}: nothing changed",
        "upload.older": "{subject} shows the host as it was before upload {older_than}: findings stay as they are",
        "upload.refused": "{subject} was refused: {refusal}",
        "log.received": "{actor} uploaded the mail log {filename} of {host} ({byte_count} bytes, SHA-256 {sha256})",
        "log.read": "{subject} was read: {understood} of {related} lines about messages understood, {first} to {last}",
        "log.refused": "{subject} was refused: {refusal}",
        "finding.accepted": "{actor} accepted {subject}",
        "finding.dismissed": "{actor} dismissed {subject}: {reason}",
        "finding.merged": "{actor} merged {subject} into {into}",
        "finding.classified": "{actor} gave {subject} the class {translation_class}",
        "finding.assigned": "{actor} assigned {subject} to {assignee}",
        "finding.review_undone": "{actor} took back the review of {subject}",
        "finding.answered": "{actor} answered {subject}",
        "finding.reopened": "{subject} is open again: its line changed in {look}",
        "translation.made": "{subject} was made from {uploads}: {covered} of {counted} constructs carry over, "
        "{unclassified} are not classified",
        "translation.checked": "The files of {translation} were checked by {tool} {version}: {said}",
        "translation.output_attached": "{actor} attached what the target printed about {translation}: {verdict}",
        "gap.recommended": "{actor} recommended for {subject}: {choice}",
        "gap.decided": "{actor} decided on {subject}: {choice}",
        "gap.withdrawn": "{actor} took back the decision on {subject}",
        "gap.reopened": "{subject} waits for a decision again. {because}",
        "stream.proposed": "{subject} proposes {count} streams nobody had seen",
        "stream.settled": "{actor} confirmed {subject}: {route}",
        "stream.added": "{actor} added {subject}: {route}",
        "stream.removed": "{actor} removed {subject} from the streams",
        "stream.restored": "{actor} brought {subject} back among the streams",
        "selection.answered": "{actor} answered “{label}” of the vendor selection: {after} (before: {before})",
        "selection.disputed": "{actor} disputes the answer to “{label}”: {dispute}",
        "component.imported": "{actor} imported {count} components from {subject}",
        "component.added": "{actor} added the component {name}",  # written until components became dossiers
        "dossier.added": "{actor} opened the dossier of {name}",
        "dossier.completed": "{actor} changed {subject}: {named}",
        "dossier.confirmed": "{actor} confirmed what was read about {subject}: {named}",
        "answers.saved": "{actor} answered questions: {count}, {first} of them for the first time",
        "answers.submitted": "{actor} submitted the questionnaire: {count} answers, {unknown} of them “I do not know”",
        "answers.returned": "{actor} returned the questionnaire; answers with a note: {count}",
        "answers.accepted": "{actor} accepted the questionnaire; its answers are locked",
        "answers.imported": "{actor} imported answers from {filename}: {count} changed",
        "dossiers.read": "{subject} opened {opened} dossiers; no longer there: {gone}",
    }
)
