"""A person with a browser window. What the console complains of fails the test at its end."""

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from reviewapp.accounts.models import User

DESKTOP = (1440, 900)
TABLET = (1024, 768)
PHONE = (390, 844)


@dataclass
class Visits:
    chromium: Browser
    address: str
    patience_ms: int
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self, user: User | None = None, *, size: tuple[int, int] = DESKTOP, scheme: str = "light"
    ) -> Page:
        context = self.chromium.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(self.patience_ms)
        self._contexts.append(context)
        if user is not None:
            self._sign_in(context, user)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _sign_in(self, context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def excuse(self, text: str) -> None:
        """A complaint that the test provokes on purpose."""
        self.complaints = [item for item in self.complaints if text not in item]

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        assert not self.complaints, self.complaints
