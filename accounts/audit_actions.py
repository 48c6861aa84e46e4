"""What accounts write into the ledger. Loaded by AccountsConfig.ready()."""

from core.audit import register_actions

register_actions(
    {
        "organization.created": "{actor} added the organization {name}",
        "membership.given": "{actor} made {member} {role} at {organization}",
        "membership.changed": "{actor} changed {member} at {organization} from {before} to {after}",
        "membership.ended": "{actor} ended the membership of {member} at {organization}",
        "invitation.sent": "{actor} invited {email} as {role}",
        "invitation.accepted": "{actor} accepted the invitation of {email}",
        "invitation.withdrawn": "{actor} withdrew the invitation of {email}",
        "person.email_changed": "{actor} changed the address of {member} from {before} to {after}",
        "token.made": "{actor} made the access token {name}",
        "token.revoked": "{actor} revoked the access token {name}",
        "service.made": "{actor} made the service user {service} at {organization}",
        "service.ended": "{actor} ended the service user {service} at {organization}",
        "service.token_made": "{actor} made the access token {name} of the service user {service}",
        "service.token_revoked": "{actor} revoked the access token {name} of the service user {service}",
        "calendar.linked": "{actor} made a link to their calendar",
        "calendar.unlinked": "{actor} ended the link to their calendar",
        "mail.switched_off": "{actor} switched off mail: {kinds}",
        "mail.switched_on": "{actor} switched on mail: {kinds}",
        "profile.changed": "{actor} changed their profile",
    }
)
