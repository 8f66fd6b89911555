"""Headers, cookies, passwords. Stricter values for production stand in `production`."""

from csp.constants import NONE, SELF

from reviewapp.settings.env import env_int

AUTHENTICATION_BACKENDS = ["reviewapp.accounts.authentication.PeopleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

CSRF_FAILURE_VIEW = "reviewapp.foundation.error_pages.csrf_failure"

# Failed sign-ins within the window before whoever it is must wait: of one name from one address;
# of one name from anywhere, and of one address with any name (an office shares its address).
SIGN_IN_WINDOW_SECONDS = 15 * 60
SIGN_IN_MAX_FAILURES = 5
SIGN_IN_MAX_FAILURES_OF_NAME = 20
SIGN_IN_MAX_FAILURES_OF_ADDRESS = 40
# How many proxies of ours stand in front: that many entries of X-Forwarded-For are theirs.
TRUSTED_PROXIES = env_int("REVIEW_TRUSTED_PROXIES", 0)
