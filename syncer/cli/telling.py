"""`syncer tell`: what people would be told now, and one test message. The daemon alone tells for real."""

from datetime import UTC, datetime, timedelta

from config.model import Settings
from state import Store
from syncer.activity import Doing
from syncer.cli.console import out, say
from syncer.cli.session import Session, chosen
from syncer.errors import ConfigurationError
from syncer.telling.events import Facts, LinkNow, picture
from syncer.telling.telling import Manners, steps
from syncer.telling.webhook import Webhook
from syncer.telling.wording import iso, sentence


def show(session: Session) -> int:
    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, None)]
    store = Store.open_readonly(settings.state.url)
    try:
        facts = _facts(settings, store, names)
    finally:
        store.close()
    now = datetime.now(UTC)
    found = steps(picture(facts, now), (), {}, Manners(timedelta(days=1)), now)
    for step in found:
        say(out(), sentence(step))
    if not found:
        say(out(), "Nothing in the state DB needs a person.")
    return 0


def test(session: Session) -> int:
    """Raises `ConfigurationError` without a webhook, and `NotTold` with what the receiver answered instead of 2xx."""
    settings = session.settings()
    session.logging(settings, quiet=True)
    url = settings.webhook.url
    if url is None:
        raise ConfigurationError("there is no webhook to try; set SYNCER_WEBHOOK__URL to its address")
    message = {
        "text": f"This is a test message of the syncer installation '{settings.installation}'. Nothing has to be done.",
        "event": "test",
        "state": "new",
        "project_link": None,
        "severity": "info",
        "count": 0,
        "since": iso(datetime.now(UTC)),
        "url": settings.http.url,
    }
    with Webhook(url.get_secret_value()) as webhook:
        answer = webhook.post(message, listen=True)
    say(out(), f"The webhook's receiver took the test message, and answered: {answer}")
    return 0


def _facts(settings: Settings, store: Store, names: list[str]) -> Facts:
    """What the state DB alone can tell: of access and silence only the daemon knows."""
    return Facts(
        links=[LinkNow(name, settings.schedule.every_seconds, Doing()) for name in names],
        parked=store.parked(),
        held=store.held(),
        told=store.told(),
        token_expires=settings.jira.token_expires,
        silent_intervals=settings.webhook.silent_intervals,
        clock=0.0,
    )
