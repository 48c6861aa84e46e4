"""Those of `./gatepost up`, but for the number of questions a program may ask in a minute: here it asks more."""

from portal.settings.dev import *  # noqa: F403 (a settings module is its names)
from portal.settings.dev import REST_FRAMEWORK

REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_THROTTLE_RATES": REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"read": "1000000/min"}
}
