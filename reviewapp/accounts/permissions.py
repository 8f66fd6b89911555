"""Role × action as data (DOMAIN, "People and what they may do")."""

from enum import StrEnum

from reviewapp.accounts.models import Role, SiteRole


class Action(StrEnum):
    # On the cases of a team.
    CASE_SEE = "see cases"
    CASE_OPEN = "open a case"
    PHOTO_UPLOAD = "upload photos"
    CASE_SUBMIT = "submit a case"
    CASE_WITHDRAW = "withdraw a case"
    QUEUE_SEE = "see the queue"
    REVIEW = "review"
    CASE_REOPEN = "reopen a case"
    REPORT_SEE = "see the report"
    SEND_TO_REVIEW = "send a case to review"
    CASE_CLOSE = "close a case"
    # On a team.
    TEAM_SEE = "see members"
    TEAM_MANAGE = "manage members"
    AUDIT_SEE = "see the audit trail"
    # Site-wide.
    EXPORT = "export labels"
    MODELS_SEE = "see model versions"
    MODELS_MANAGE = "manage model versions"
    TEAMS_MANAGE = "manage teams"


_A = Action
_EVERY_MEMBER = frozenset({_A.CASE_SEE, _A.REPORT_SEE})

TEAM_PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.APPRAISER: _EVERY_MEMBER
    | {_A.CASE_OPEN, _A.PHOTO_UPLOAD, _A.CASE_SUBMIT, _A.CASE_WITHDRAW},
    Role.ADJUSTER: _EVERY_MEMBER | {_A.QUEUE_SEE, _A.REVIEW, _A.CASE_REOPEN},
    Role.MANAGER: _EVERY_MEMBER
    | {
        _A.QUEUE_SEE,
        _A.SEND_TO_REVIEW,
        _A.CASE_CLOSE,
        _A.TEAM_SEE,
        _A.TEAM_MANAGE,
        _A.AUDIT_SEE,
        _A.MODELS_SEE,
    },
}

SITE_PERMISSIONS: dict[SiteRole, frozenset[Action]] = {
    SiteRole.NONE: frozenset(),
    SiteRole.DATA_STEWARD: frozenset({_A.EXPORT, _A.MODELS_SEE}),
    SiteRole.OPERATOR: frozenset({_A.MODELS_SEE, _A.MODELS_MANAGE, _A.TEAMS_MANAGE}),
}
