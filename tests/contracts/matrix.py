"""The permission matrix: every address × method × person → status.

Columns: appraiser, adjuster, manager of the owner's team | the same of another team | data
steward, operator | nobody, a machine (an appraiser of the owner's team, by token).

`in` is a redirect to the sign-in; 302 is any other one, so a page that did what was asked.
404: one may not see it. 403: one sees it and may not do that. Adding an address without a row
fails the tests; the order is that of the rooms.
"""

from dataclasses import dataclass

from tests.contracts import bodies
from tests.contracts.world import PERSONS, Body


@dataclass(frozen=True)
class Row:
    method: str
    route: str
    place: str
    statuses: str
    body: Body = bodies.nothing

    @property
    def expected(self) -> dict[str, str]:
        return dict(zip(PERSONS, self.statuses.replace("|", " ").split(), strict=True))

    @property
    def name(self) -> str:
        return f"{self.method} /{self.route}"

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/") and self.route != "api/docs/"


EVERYBODY = "200 200 200 | 200 200 200 | 200 200 | 200 200"
SIGNED_IN = "200 200 200 | 200 200 200 | 200 200 | in  in "
OWN_TEAM_ = "200 200 200 | 404 404 404 | 404 404 | in  in "
APPRAISER = "302 403 403 | 404 404 404 | 404 404 | in  in "
API_TEAM_ = "200 200 200 | 404 404 404 | 404 404 | 401 200"

FOUNDATION = (
    Row("GET", "healthz", "", EVERYBODY),
    Row("GET", "readyz", "", EVERYBODY),
    Row("GET", "api/schema/", "", "200 200 200 | 200 200 200 | 200 200 | 401 200"),
    Row("GET", "api/docs/", "", SIGNED_IN),
)

ACCOUNTS = (
    Row("GET", "", "", "302 302 302 | 302 302 302 | 302 302 | in  in "),
    Row("GET", "sign-in/", "", "302 302 302 | 302 302 302 | 302 302 | 200 200"),
    Row("POST", "sign-in/", "", "302 302 302 | 302 302 302 | 302 302 | 302 302", bodies.sign_in),
    Row("POST", "sign-out/", "", "302 302 302 | 302 302 302 | 302 302 | in  in "),
    Row("GET", "set-password/<uidb64>/<token>/", "link", EVERYBODY.replace("200", "302")),
    Row("POST", "set-password/<uidb64>/<token>/", "link", EVERYBODY.replace("200", "302")),
    Row("GET", "teams/", "", "403 403 200 | 403 403 200 | 403 200 | in  in "),
    Row("POST", "teams/", "", "403 403 403 | 403 403 403 | 403 302 | in  in ", bodies.team),
    Row("GET", "teams/<uuid:team_id>/", "team", "403 403 200 | 404 404 404 | 404 200 | in  in "),
    Row(
        "GET",
        "teams/<uuid:team_id>/audit/",
        "team",
        "403 403 200 | 404 404 404 | 404 403 | in  in ",
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/members/",
        "team",
        "403 403 302 | 404 404 404 | 404 302 | in  in ",
        bodies.manager,
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/members/<uuid:membership_id>/role/",
        "team",
        "403 403 302 | 404 404 404 | 404 403 | in  in ",
        bodies.role,
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/members/<uuid:membership_id>/remove/",
        "team",
        "403 403 302 | 404 404 404 | 404 403 | in  in ",
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/members/<uuid:membership_id>/link/",
        "team",
        "403 403 302 | 404 404 404 | 404 302 | in  in ",
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/machines/",
        "team",
        "403 403 201 | 404 404 404 | 404 403 | in  in ",
        bodies.machine,
    ),
    Row(
        "POST",
        "teams/<uuid:team_id>/machines/<uuid:token_id>/revoke/",
        "team",
        "403 403 302 | 404 404 404 | 404 403 | in  in ",
    ),
)

INTAKE = (
    Row("GET", "cases/", "", "200 200 200 | 200 200 200 | 403 403 | in  in "),
    Row("GET", "cases/new/", "", "200 403 403 | 200 403 403 | 403 403 | in  in "),
    Row("POST", "cases/new/", "", "302 403 403 | 302 403 403 | 403 403 | in  in ", bodies.facts),
    Row("GET", "cases/<uuid:case_id>/", "draft", OWN_TEAM_),
    Row("POST", "cases/<uuid:case_id>/facts/", "draft", APPRAISER, bodies.facts),
    Row("POST", "cases/<uuid:case_id>/photos/", "draft", APPRAISER, bodies.photos),
    Row("POST", "cases/<uuid:case_id>/submit/", "draft", APPRAISER),
    Row("POST", "cases/<uuid:case_id>/withdraw/", "draft", APPRAISER),
    Row(
        "POST",
        "cases/<uuid:case_id>/close/",
        "reviewed",
        "403 403 302 | 404 404 404 | 404 404 | in  in ",
    ),
    Row("POST", "photos/<uuid:photo_id>/withdraw/", "draft", APPRAISER),
    Row("GET", "photos/<uuid:photo_id>/display/", "draft", OWN_TEAM_),
    Row("GET", "photos/<uuid:photo_id>/thumbnail/", "draft", OWN_TEAM_),
    Row("GET", "photos/<uuid:photo_id>/original/", "draft", OWN_TEAM_),
    Row("GET", "api/v1/cases/", "", "200 200 200 | 200 200 200 | 200 200 | 401 200"),
    Row(
        "POST",
        "api/v1/cases/",
        "",
        # Another's team is no choice: the field is refused, whoever asks.
        "201 400 400 | 400 400 400 | 400 400 | 401 201",
        bodies.api_case,
    ),
    Row("GET", "api/v1/cases/<uuid:case_id>/", "draft", API_TEAM_),
    Row(
        "PATCH",
        "api/v1/cases/<uuid:case_id>/",
        "draft",
        "200 403 403 | 404 404 404 | 404 404 | 401 200",
        bodies.api_facts,
    ),
    Row("GET", "api/v1/cases/<uuid:case_id>/photos/", "draft", API_TEAM_),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/photos/",
        "draft",
        "201 403 403 | 404 404 404 | 404 404 | 401 201",
        bodies.photos,
    ),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/submit/",
        "draft",
        "200 403 403 | 404 404 404 | 404 404 | 401 200",
    ),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/withdraw/",
        "draft",
        "200 403 403 | 404 404 404 | 404 404 | 401 200",
    ),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/close/",
        "reviewed",
        "403 403 200 | 404 404 404 | 404 404 | 401 403",
    ),
    Row("GET", "api/v1/photos/<uuid:photo_id>/", "draft", API_TEAM_),
    Row(
        "DELETE",
        "api/v1/photos/<uuid:photo_id>/",
        "draft",
        "204 403 403 | 404 404 404 | 404 404 | 401 204",
    ),
)

ASSESSMENT = (
    Row("GET", "cases/<uuid:case_id>/progress/", "waiting", OWN_TEAM_),
    Row("GET", "api/v1/cases/<uuid:case_id>/assessments/", "waiting", API_TEAM_),
    Row("GET", "api/v1/assessments/<uuid:assessment_id>/", "waiting", API_TEAM_),
    Row("GET", "api/v1/photo-results/<uuid:pk>/parts-map/", "waiting", API_TEAM_),
    Row("GET", "api/v1/photo-results/<uuid:pk>/damage-map/", "waiting", API_TEAM_),
)

REVIEW = (
    Row("GET", "queue/", "", "403 200 200 | 403 200 200 | 403 403 | in  in "),
    Row("POST", "queue/next/", "", "403 302 403 | 403 302 403 | 403 403 | in  in "),
    Row(
        "GET",
        "reviews/<uuid:review_id>/",
        "reviewing",
        "403 200 200 | 404 404 404 | 404 404 | in  in ",
    ),
    Row(
        "POST",
        "cases/<uuid:case_id>/review/",
        "waiting",
        "403 302 403 | 404 404 404 | 404 404 | in  in ",
    ),
    Row(
        "POST",
        "cases/<uuid:case_id>/send-to-review/",
        "auto-accepted",
        "403 403 302 | 404 404 404 | 404 404 | in  in ",
    ),
    Row("GET", "cases/<uuid:case_id>/report/", "reviewed", OWN_TEAM_),
    Row(
        "GET",
        "photos/<uuid:photo_id>/crop/<int:x>-<int:y>-<int:width>-<int:height>/",
        "waiting",
        OWN_TEAM_,
    ),
    Row("GET", "api/v1/queue/", "", "403 200 200 | 403 200 200 | 403 403 | 401 403"),
    Row("POST", "api/v1/queue/next/", "", "403 200 403 | 403 200 403 | 403 403 | 401 403"),
    Row(
        "GET",
        "api/v1/cases/<uuid:case_id>/reviews/",
        "reviewed",
        "403 200 200 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/reviews/",
        "waiting",
        "403 200 403 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/cases/<uuid:case_id>/send-to-review/",
        "auto-accepted",
        "403 403 204 | 404 404 404 | 404 404 | 401 403",
    ),
    Row("GET", "api/v1/cases/<uuid:case_id>/report/", "reviewed", API_TEAM_),
    Row(
        "GET",
        "api/v1/reviews/<uuid:review_id>/",
        "reviewing",
        "403 200 200 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/reviews/<uuid:review_id>/renew/",
        "reviewing",
        "403 200 403 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/reviews/<uuid:review_id>/release/",
        "reviewing",
        "403 204 403 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/reviews/<uuid:review_id>/finish/",
        "reviewing",
        "403 200 403 | 404 404 404 | 404 404 | 401 403",
        bodies.finish,
    ),
    Row(
        "GET",
        "api/v1/reviews/<uuid:review_id>/decisions/",
        "reviewing",
        "403 200 200 | 404 404 404 | 404 404 | 401 403",
    ),
    Row(
        "POST",
        "api/v1/reviews/<uuid:review_id>/decisions/",
        "reviewing",
        "403 201 403 | 404 404 404 | 404 404 | 401 403",
        bodies.decision,
    ),
    Row(
        "POST",
        "api/v1/reviews/<uuid:review_id>/decisions/<uuid:decision_id>/undo/",
        "reviewing",
        "403 200 403 | 404 404 404 | 404 404 | 401 403",
    ),
    Row("GET", "api/v1/photos/<uuid:photo_id>/corrections/", "reviewing", API_TEAM_),
    Row(
        "POST",
        "api/v1/photos/<uuid:photo_id>/corrections/",
        "reviewing",
        "403 201 403 | 404 404 404 | 404 404 | 401 403",
        bodies.correction,
    ),
    Row("GET", "api/v1/photos/<uuid:photo_id>/label-maps/", "reviewing", API_TEAM_),
    Row(
        "GET",
        "api/v1/photos/<uuid:photo_id>/label-maps/<int:revision>/<layer:layer>/",
        "waiting",
        API_TEAM_,
    ),
    Row("GET", "api/v1/taxonomy/", "", "200 200 200 | 200 200 200 | 200 200 | 401 200"),
)

DATASETS = (
    Row("GET", "exports/", "", "403 403 403 | 403 403 403 | 200 403 | in  in "),
    Row("POST", "exports/", "", "403 403 403 | 403 403 403 | 302 403 | in  in "),
    Row(
        "GET",
        "exports/<uuid:export_id>/download/",
        "export",
        "403 403 403 | 403 403 403 | 200 403 | in  in ",
    ),
    Row("GET", "api/v1/exports/", "", "403 403 403 | 403 403 403 | 200 403 | 401 403"),
    Row("POST", "api/v1/exports/", "", "403 403 403 | 403 403 403 | 202 403 | 401 403"),
    Row(
        "GET",
        "api/v1/exports/<uuid:export_id>/",
        "export",
        "403 403 403 | 403 403 403 | 200 403 | 401 403",
    ),
    Row(
        "GET",
        "api/v1/exports/<uuid:export_id>/download/",
        "export",
        "403 403 403 | 403 403 403 | 200 403 | 401 403",
    ),
)

MODELVERSIONS = (
    Row("GET", "models/", "", "403 403 200 | 403 403 200 | 200 200 | in  in "),
    Row(
        "POST",
        "models/<uuid:version_id>/activate/",
        "version",
        "404 404 403 | 404 404 403 | 403 302 | in  in ",
    ),
)

MATRIX = (*FOUNDATION, *ACCOUNTS, *INTAKE, *ASSESSMENT, *REVIEW, *DATASETS, *MODELVERSIONS)
