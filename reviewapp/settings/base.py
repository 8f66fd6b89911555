"""What every environment shares."""

from pathlib import Path

from reviewapp.settings.env import env_int, env_str

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env_str("REVIEW_VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "reviewapp.foundation",
    "reviewapp.audit",
    "reviewapp.accounts",
    "reviewapp.api",
    "reviewapp.intake",
    "reviewapp.modelversions",
    "reviewapp.assessment",
    "reviewapp.review",
    "reviewapp.datasets",
    "reviewapp.demo",
]

MIDDLEWARE = [
    "reviewapp.foundation.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "reviewapp.foundation.middleware.PrivateAnswersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reviewapp.foundation.middleware.ErrorPageMiddleware",
]

ROOT_URLCONF = "reviewapp.urls"
WSGI_APPLICATION = "reviewapp.wsgi.application"
ASGI_APPLICATION = "reviewapp.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reviewapp.accounts.context.access",
            ],
            "builtins": ["reviewapp.foundation.templatetags.words"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"

# Intake: what a photo may be. Checked before decoding.
PHOTO_MAX_BYTES = env_int("REVIEW_PHOTO_MAX_MB", 30, minimum=1) * 1024 * 1024
PHOTO_MAX_PIXELS = env_int("REVIEW_PHOTO_MAX_MEGAPIXELS", 60, minimum=1) * 1_000_000
PHOTOS_PER_CASE = env_int("REVIEW_PHOTOS_PER_CASE", 50, minimum=1)
DISPLAY_LONG_SIDE = 1600
THUMBNAIL_LONG_SIDE = 320

# Review: how long a lease lasts without a sign of life, after how many days a case that waits for
# photos or an inspection is looked at all the same, and how many auto-accepted are audited.
REVIEW_LEASE_MINUTES = env_int("REVIEW_LEASE_MINUTES", 20, minimum=1)
REVIEW_WAIT_DAYS = env_int("REVIEW_WAIT_DAYS", 14, minimum=1)
AUDIT_SAMPLE_PERCENT = env_int("REVIEW_AUDIT_SAMPLE_PERCENT", 5)

# Twenty photos of 30 MB may come in one form; the body limit counts only what is no file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = PHOTOS_PER_CASE
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first one says how to sign in: nobody gets a 401 with its header, not a 403.
        "reviewapp.api.authentication.MachineTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "reviewapp.api.pagination.NewestFirstCursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["reviewapp.api.throttles.WriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"write": "600/min"},
    "EXCEPTION_HANDLER": "reviewapp.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vehicle damage review",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Names for programs that are made from the schema; several rooms have a `state`.
    "ENUM_NAME_OVERRIDES": {
        "CaseState": "reviewapp.intake.states.CaseState",
        "PhotoState": "reviewapp.intake.states.PhotoState",
        "AssessmentState": "reviewapp.assessment.states.AssessmentState",
        "PhotoResultState": "reviewapp.assessment.states.PhotoResultState",
        "ReviewState": "reviewapp.review.states.ReviewState",
        "ReviewOutcome": "reviewapp.review.states.Outcome",
        "ReceiptOutcome": "reviewapp.intake.services.Outcome",
        "Standing": "reviewapp.review.states.Standing",
        "ExportState": "reviewapp.datasets.states.ExportState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "reviewapp.api.schema.add_refusals",
    ],
}
